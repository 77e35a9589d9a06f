import classes from "./ConfidenceBar.module.css";

/** How likely the answer is right, against what the inbox asks for. */
export function ConfidenceBar(props: { confidence: number; threshold: number | null }) {
  const { confidence, threshold } = props;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const length = (share: number) => `${100 * share}%`;
  return (
    <div
      className={classes.whole}
      role="img"
      aria-label={`Confidence ${percent(confidence)}${threshold !== null ? `, needed ${percent(threshold)}` : ""}`}
    >
      <div className={classes.track}>
        <span
          className={classes.fill}
          data-short={(threshold !== null && confidence < threshold) || undefined}
          style={{ width: length(confidence) }}
        />
        {threshold !== null && (
          <span className={classes.mark} style={{ insetInlineStart: length(threshold) }} />
        )}
      </div>
      <span className={classes.words}>
        {percent(confidence)} sure
        {threshold !== null && <small>, {percent(threshold)} needed</small>}
      </span>
    </div>
  );
}
