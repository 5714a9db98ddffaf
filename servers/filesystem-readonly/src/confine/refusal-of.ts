import { quoted } from './names.ts';
import { Refusal } from './refusal.ts';

/** What a failed system call means to the caller. The error's own text is dropped: it holds a path of this process. */
export function refusalOf(error: unknown, path: string): Refusal {
  if (error instanceof Refusal) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const at = quoted(path);
  switch (code) {
    case 'ENOENT':
    case 'ENAMETOOLONG':
      return new Refusal('NOT_FOUND', `${at} does not exist.`, 'Call list_directory on a folder above it.');
    case 'EACCES':
    case 'EPERM':
      return new Refusal('NO_PERMISSION', `The operating system does not let this server read ${at}.`);
    case 'ENOTDIR':
    case 'ELOOP':
    case 'EINVAL':
    case 'ESTALE':
      return new Refusal('CHANGED', `${at} changed while it was being opened.`, 'Try again.');
    case 'EMFILE':
    case 'ENFILE':
      return new Refusal('BUSY', 'Too many files are open.', 'Try again in a moment.');
    case 'ERR_ACCESS_DENIED':
      return new Refusal('NO_PERMISSION', `The sandbox of this server does not let it read ${at}.`);
    default:
      return new Refusal('UNREADABLE', `${at} cannot be read (${code}).`);
  }
}

/** Whether a system call failed because there is nothing of this name. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENAMETOOLONG';
}
