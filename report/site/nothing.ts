/** What a browser has in the place of native libraries and of file paths. */
export const dirname = (path: string) => path;
