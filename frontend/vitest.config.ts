import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*.test.ts", "src/**/*.test.{ts,tsx}"],
    // The contrast test reads a style sheet, which Vitest would leave empty.
    css: true,
    // A thread begins sooner than a process, and each file has its own.
    pool: "threads",
    // Only for what hangs: a machine may be very busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
