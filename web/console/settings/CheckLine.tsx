import { CircleCheck, CircleX } from "lucide-react";

/** One thing that was tried or is known, inside a list of `Checklist.module.css`. */
export function CheckLine({ name, ok, message }: { name: string; ok: boolean; message: string }) {
  return (
    <li data-ok={ok || undefined}>
      {ok ? (
        <CircleCheck size={18} aria-label="passed" />
      ) : (
        <CircleX size={18} aria-label="failed" />
      )}
      <span>
        {name}
        {message && <small>{message}</small>}
      </span>
    </li>
  );
}
