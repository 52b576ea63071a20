/** A dot at a file with open threads of comments. */
export function CommentDot({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class="comment-dot" title={count === 1 ? "1 open comment" : `${count} open comments`}>
      <span class="hidden">{count === 1 ? ", 1 open comment" : `, ${count} open comments`}</span>
    </span>
  );
}
