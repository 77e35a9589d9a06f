import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const folder = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: folder,
  resolve: { alias: { "@shared": `${folder}../shared` } },
  build: {
    outDir: "../dist/widget",
    emptyOutDir: false,
    lib: {
      entry: `${folder}loader.ts`,
      formats: ["iife"],
      name: "OneThreadLoader",
      fileName: () => "widget.js",
    },
  },
});
