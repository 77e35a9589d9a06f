import { ActionIcon, Loader } from "@mantine/core";
import { FileText, X } from "lucide-react";
import { useState } from "react";

import { upload } from "~/api/client";
import type { Attachment, Prepared } from "~/api/types";
import { sayProblem } from "~/parts/notices";

import classes from "./PendingFiles.module.css";

interface Pending {
  key: number;
  name: string;
  progress: number;
  done: Attachment | null;
}

/** Files on their way into a reply. They are uploaded at once, so that sending is quick. */
export function usePendingFiles() {
  const [pending, setPending] = useState<Pending[]>([]);
  const change = (key: number, part: Partial<Pending>) =>
    setPending((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const drop = (key: number) => setPending((all) => all.filter((one) => one.key !== key));

  const addOne = async (file: File) => {
    const key = Math.random();
    setPending((all) => [...all, { key, name: file.name, progress: 0, done: null }]);
    try {
      const uploaded = await upload<Prepared>("/attachments", file, (progress) =>
        change(key, { progress }),
      );
      change(key, { done: asAttachment(uploaded) });
    } catch (error) {
      drop(key);
      sayProblem(error);
    }
  };

  return {
    pending,
    drop,
    busy: pending.some(({ done }) => !done),
    ready: pending.flatMap(({ done }) => done ?? []),
    add: (files: FileList) => [...files].forEach((file) => void addOne(file)),
    clear: () => setPending([]),
    putBack: (attachments: Attachment[]) =>
      setPending(
        attachments.map((done) => ({ key: Math.random(), name: done.name, progress: 1, done })),
      ),
  };
}

function asAttachment({ id, name, type, size }: Prepared): Attachment {
  const kind = type.startsWith("image/") ? "image" : "document";
  return { id, kind, name, type, size, url: null, problem: "" };
}

export function PendingFiles({ files }: { files: ReturnType<typeof usePendingFiles> }) {
  if (files.pending.length === 0) return null;
  return (
    <ul className={classes.files} aria-label="Files to send">
      {files.pending.map((one) => (
        <li key={one.key}>
          {one.done ? <FileText size={14} aria-hidden /> : <Loader size={13} />}
          <bdi className="truncate">{one.name}</bdi>
          {!one.done && <span>{Math.round(one.progress * 100)} %</span>}
          <ActionIcon
            size="xs"
            aria-label={`Remove ${one.name}`}
            onClick={() => files.drop(one.key)}
          >
            <X size={12} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
