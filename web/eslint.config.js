import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

const browser = { localStorage: "readonly", window: "readonly", document: "readonly" };
const node = { process: "readonly", console: "readonly", URL: "readonly" };

export default ts.config(
  globalIgnores(["dist", "console/api/schema.ts"]),
  js.configs.recommended,
  ts.configs.strict,
  { files: ["console/**/*.{ts,tsx}"], ...hooks.configs.flat["recommended-latest"] },
  { files: ["console/public/*.js"], languageOptions: { globals: browser } },
  { files: ["scripts/*.js"], languageOptions: { globals: node } },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": [
        "error",
        // Taking fields off an object names them.
        { ignoreRestSiblings: true, argsIgnorePattern: "^_" },
      ],
    },
  },
);
