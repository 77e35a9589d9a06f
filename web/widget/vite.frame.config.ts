import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const folder = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: folder,
  base: "/widget/",
  resolve: { alias: { "@shared": `${folder}../shared` } },
  build: {
    outDir: "../dist/widget",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: `${folder}frame.html` },
  },
});
