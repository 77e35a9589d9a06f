import { FileText, FileWarning } from "lucide-react";

import type { Attachment } from "~/api/types";
import { sizeInWords } from "~/parts/size";

import classes from "./Attachments.module.css";

export function Attachments({ files }: { files: Attachment[] }) {
  if (files.length === 0) return null;
  return (
    <ul className={classes.files} aria-label="Attachments">
      {files.map((file) => (
        <li key={file.id}>
          <File file={file} />
        </li>
      ))}
    </ul>
  );
}

function File({ file }: { file: Attachment }) {
  if (file.problem || !file.url) {
    return (
      <span className={classes.file} data-bad={file.problem ? true : undefined}>
        <FileWarning size={16} aria-hidden />
        <span>
          <bdi>{file.name || file.kind}</bdi>
          <small>{file.problem || "Being fetched"}</small>
        </span>
      </span>
    );
  }
  if (["image", "sticker"].includes(file.kind) || file.type.startsWith("image/")) {
    return (
      <a href={file.url} target="_blank" rel="noopener noreferrer">
        <img
          className={classes.picture}
          src={file.url}
          alt={file.name || "Picture"}
          loading="lazy"
        />
      </a>
    );
  }
  if (["audio", "voice"].includes(file.kind)) {
    return (
      <audio
        className={classes.sound}
        controls
        preload="none"
        src={file.url}
        aria-label={file.name || "Sound"}
      />
    );
  }
  return (
    <a className={classes.file} href={file.url} target="_blank" rel="noopener noreferrer">
      <FileText size={16} aria-hidden />
      <span>
        <bdi>{file.name || file.kind}</bdi>
        {file.size !== null && <small>{sizeInWords(file.size)}</small>}
      </span>
    </a>
  );
}
