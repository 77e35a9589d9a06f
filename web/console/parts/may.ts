import { useMe } from "~/api/me";
import type { Me } from "~/api/types";

const RANKS: Me["role"][] = ["agent", "lead", "qa", "admin"];

/** Whether whoever is signed in has this role or one above it. The server checks it again. */
export function useMay(role: "lead" | "admin"): boolean {
  return RANKS.indexOf(useMe().role) >= RANKS.indexOf(role);
}
