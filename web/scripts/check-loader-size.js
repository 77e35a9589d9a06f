// A merchant's page loads this script, so it stays small: the build fails when it grows.
import { statSync } from "node:fs";

const LIMIT = 10_000;
const size = statSync(new URL("../dist/widget/widget.js", import.meta.url)).size;
if (size > LIMIT) {
  console.error(`widget.js is ${size} bytes; it must stay under ${LIMIT}.`);
  process.exit(1);
}
console.log(`widget.js is ${size} bytes (limit ${LIMIT}).`);
