import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { themeStyles } from "./themeStyles.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: folder,
  base: "/console/",
  plugins: [react(), themeStyles()],
  resolve: { alias: { "~": folder, "@shared": `${folder}../shared` } },
  server: { proxy: { "/api": process.env.ONETHREAD_URL ?? "http://127.0.0.1:8000" } },
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    // Small files would be inlined as data: addresses, which the page's policy doesn't allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
});
