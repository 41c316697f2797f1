import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  server: { proxy: { "/api": "http://127.0.0.1:7700" } },
  // Data URLs are not covered by the gateway's content security policy: every asset stays a file.
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: {
    projects: [
      // Logic needs no document, and starting one per file is what takes time.
      { extends: true, test: { name: "logic", environment: "node", include: ["src/**/*.test.ts"], isolate: false } },
      {
        extends: true,
        test: {
          name: "components",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["src/test-setup.ts"],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
