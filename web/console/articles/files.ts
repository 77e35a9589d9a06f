/** The name of a file as its uploader knows it; articles carry `source:name`. */
export const nameOf = (file: string) => file.slice(file.indexOf(":") + 1);

export const counted = (entries: number) => `${entries} ${entries === 1 ? "entry" : "entries"}`;
