import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const folder = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: folder,
  base: "/demo/",
  resolve: { alias: { "@shared": `${folder}../shared` } },
  server: { fs: { allow: [`${folder}../..`] } },
  build: {
    outDir: "../dist/demo",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
