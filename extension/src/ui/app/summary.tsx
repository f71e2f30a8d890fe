type Props = {
  /** The section it leads to. */
  to: string;
  title: string;
  says: string;
  /** Where there is nothing yet: what there could be. */
  example?: string;
};

/** One section of the vault in one sentence. */
export function Summary({ to, title, says, example }: Props) {
  return (
    <li class="card">
      <h2>
        <a href={`#/${to}`} data-testid={`home-${to}`}>
          {title}
        </a>
      </h2>
      <p>{says}</p>
      {example && <p class="hint">{example}</p>}
    </li>
  );
}
