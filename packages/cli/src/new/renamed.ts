/** A file of the template, with the server's own name in the places of the template's. */
export function renamed(text: string, name: string): string {
  return text
    .replaceAll(/(["'/])template(?=["'])/gu, `$1${name}`)
    .replaceAll('template migrate', `${name} migrate`)
    .replace(/^# template$/mu, `# ${name}`);
}
