import { defineConfig } from "vitest/config";

export default defineConfig({
  // The contrast test reads a style sheet, which Vitest would leave empty.
  test: { include: ["src/**/*.test.{ts,tsx}"], css: true },
});
