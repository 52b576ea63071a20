/** The logo of Collab: a C with a writing caret beside it. */
export function Mark() {
  return (
    <svg class="mark" aria-hidden="true" width="26" height="26" viewBox="0 0 26 26" fill="none">
      <rect class="mark-paper" width="26" height="26" rx="7" />
      <path class="mark-letter" d="M15.6 8.2a6 6 0 1 0 0 9.6" />
      <path class="mark-caret" d="M19 6.5v13" />
    </svg>
  );
}
