import { useState, type DragEvent } from "react";

/** Files dragged from the desktop onto an element. */
export function useDropped(onFiles: (files: File[]) => void) {
  // Entering a child leaves its parent first, so entries are counted.
  const [depth, setDepth] = useState(0);
  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    over: depth > 0,
    handlers: {
      onDragEnter: (event: DragEvent) => holdsFiles(event) && setDepth((count) => count + 1),
      onDragLeave: (event: DragEvent) => holdsFiles(event) && setDepth((count) => count - 1),
      onDragOver: (event: DragEvent) => event.preventDefault(),
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        setDepth(0);
        onFiles([...event.dataTransfer.files]);
      },
    },
  };
}
