import { ActionIcon, Button, Progress } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, FileText, RotateCcw, X } from "lucide-react";
import { useState, type ReactNode } from "react";

import { useUploadAct, useUploads } from "~/api/articles";
import type { Upload } from "~/api/types";
import { Failed } from "~/parts/states";

import { counted } from "./files";
import type { Sent, useSending } from "./sending";
import classes from "./UploadList.module.css";

/** Files becoming articles, each with its own progress and its own failure. */
export function UploadList({ sending }: { sending: ReturnType<typeof useSending> }) {
  const uploads = useUploads();
  const act = useUploadAct();
  const [all, setAll] = useState(false);
  if (uploads.isError) {
    return <Failed error={uploads.error} retry={() => void uploads.refetch()} />;
  }
  const items = uploads.data ?? [];
  const shown = all ? items : news(items);
  if (sending.files.length + items.length === 0) return null;

  return (
    <section
      className={classes.uploads}
      data-quiet={sending.files.length + shown.length === 0 || undefined}
      aria-label="Uploads"
    >
      {sending.files.map((file) => (
        <SentLine key={file.key} sent={file} sending={sending} />
      ))}
      {shown.map((upload) => (
        <UploadLine
          key={upload.id}
          upload={upload}
          onRetry={() => act.mutate({ id: upload.id, verb: "retry" })}
          onRemove={() => act.mutate({ id: upload.id, verb: "remove" })}
        />
      ))}
      {(all || shown.length < items.length) && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
          {all ? "Hide finished uploads" : `Show all ${items.length} uploads`}
        </Button>
      )}
    </section>
  );
}

const RECENT = 10 * 60_000;
const MANY = 3;

/** Whatever needs an eye, and a few of those that finished a moment ago. */
function news(uploads: Upload[]): Upload[] {
  const finished = uploads.filter(
    ({ state, at }) => state === "done" && Date.now() - Date.parse(at) < RECENT,
  );
  return [...uploads.filter(({ state }) => state !== "done"), ...finished.slice(0, MANY)];
}

function SentLine({ sent, sending }: { sent: Sent; sending: ReturnType<typeof useSending> }) {
  const failed = Boolean(sent.problem);
  return (
    <Line
      name={sent.file.name}
      look={failed ? "failed" : "busy"}
      words={failed ? sent.problem : `Uploading, ${Math.round(sent.progress * 100)} %`}
      share={sent.progress}
    >
      {failed && (
        <>
          <Again onClick={() => sending.again(sent)} name={sent.file.name} />
          <Drop onClick={() => sending.drop(sent.key)} name={sent.file.name} />
        </>
      )}
    </Line>
  );
}

const STATES: Record<Upload["state"], string> = {
  waiting: "Waiting",
  parsing: "Reading",
  indexing: "Indexing",
  done: "Done: the assistant can answer from it",
  failed: "Failed",
};

function wordsFor({ state, message, entries, entries_done }: Upload): string {
  if (state === "failed" || state === "done") return message || STATES[state];
  if (state === "indexing" && entries) return `FAQ entries: ${entries_done} of ${entries}`;
  return STATES[state];
}

function UploadLine(props: { upload: Upload; onRetry: () => void; onRemove: () => void }) {
  const { upload } = props;
  const failed = upload.state === "failed";
  const done = upload.state === "done";
  return (
    <Line
      name={upload.name}
      look={failed ? "failed" : done ? "done" : "busy"}
      words={wordsFor(upload)}
      share={done ? 1 : upload.progress}
    >
      {failed && <Again onClick={props.onRetry} name={upload.name} />}
      {done && upload.article_id && (
        <Button
          component={Link}
          to={`/articles/${upload.article_id}`}
          size="compact-xs"
          variant="subtle"
        >
          Open
        </Button>
      )}
      {done && upload.entries > 0 && (
        <Button
          renderRoot={(props) => <Link to="/articles" search={{ file: upload.file }} {...props} />}
          size="compact-xs"
          variant="subtle"
        >
          Show {counted(upload.entries)}
        </Button>
      )}
      {(failed || done) && <Drop onClick={props.onRemove} name={upload.name} />}
    </Line>
  );
}

interface LineProps {
  name: string;
  look: "busy" | "done" | "failed";
  words: string;
  share: number;
  children?: ReactNode;
}

function Line({ name, look, words, share, children }: LineProps) {
  return (
    <div className={classes.line} data-look={look}>
      {look === "busy" && <FileText size={17} aria-hidden />}
      {look === "done" && <CircleCheck size={17} aria-hidden />}
      {look === "failed" && <CircleAlert size={17} aria-hidden />}
      <div className={classes.what}>
        <bdi className="truncate">{name}</bdi>
        <span role={look === "failed" ? "alert" : "status"}>{words}</span>
        {look === "busy" && (
          <Progress value={share * 100} size={4} aria-label={`Progress of ${name}`} />
        )}
      </div>
      <div className={classes.buttons}>{children}</div>
    </div>
  );
}

function Again({ onClick, name }: { onClick: () => void; name: string }) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<RotateCcw size={12} />}
      aria-label={`Try ${name} again`}
      onClick={onClick}
    >
      Try again
    </Button>
  );
}

function Drop({ onClick, name }: { onClick: () => void; name: string }) {
  return (
    <ActionIcon size="sm" aria-label={`Remove ${name} from this list`} onClick={onClick}>
      <X size={14} />
    </ActionIcon>
  );
}
