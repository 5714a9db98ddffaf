import { plainRowText } from './row-text.ts';

/**
 * What a text of a row is: somebody's name, email address or telephone number; who acted; a number that leads to a
 * person elsewhere (of a parcel); a label (a company); or free text.
 */
export type StoredKind = 'name' | 'email' | 'phone' | 'actor' | 'reference' | 'label' | 'text';

declare const kind: unique symbol;

/**
 * A text of a row, as the database gives it. It is no `string` to the compiler, so that it cannot become part of an
 * answer but through {@link Privacy}: a new tool that forgets it does not compile.
 */
export interface Stored<Kind extends StoredKind> {
  readonly [kind]: Kind;
}

/** How much personal data leaves the server: all of it, parts that tell people apart, or none. */
export type PrivacyMode = 'full' | 'masked' | 'none';

/** The option by which an operator says how much personal data leaves the server. */
export const privacyOptions = {
  'pii-mode': {
    type: 'string',
    description: 'Personal data in answers: full (default), masked (j***@example.com), or none',
    placeholder: 'full|masked|none',
    environment: 'PII_MODE',
  },
} as const;

/** An email address or a telephone number within free text. */
const EMAIL = /[^\s@<>"(),;:]+@[^\s@<>"(),;:]+/g;
const PHONE = /\+?\d(?:[\s().-]{0,2}\d){6,14}/g;

/** The one way from a text of a row to a text of an answer: neutralised, and as personal as the operator allows. */
export class Privacy {
  readonly mode: PrivacyMode;

  constructor(mode: PrivacyMode) {
    this.mode = mode;
  }

  /**
   * @param value - What the operator gave for `--pii-mode`; `full` without it
   * @throws Error with one line for the operator
   */
  static parse(value: string | undefined): Privacy {
    const mode = value ?? 'full';
    if (mode === 'full' || mode === 'masked' || mode === 'none') return new Privacy(mode);
    throw new Error('--pii-mode (or PII_MODE) has to be full, masked or none.');
  }

  /** A person's name; masked, the initials: `D*** W***`. */
  name(stored: Stored<'name'> | null): string | null {
    return stored && this.#show(stored, (text) => text.replaceAll(/(\S)\S*/gu, '$1***'));
  }

  /** An email address; masked, `j***@example.com`. */
  email(stored: Stored<'email'> | null): string | null {
    return stored && this.#show(stored, maskedEmail);
  }

  /** A telephone number; masked, its last two digits. */
  phone(stored: Stored<'phone'> | null): string | null {
    return stored && this.#show(stored, maskedPhone);
  }

  /** Who did something, as tokens name people and systems; masked, `j***@example.com` or the first character: `a***`. */
  actor(stored: Stored<'actor'>): string | null {
    return this.#show(stored, (text) => (text.includes('@') ? maskedEmail(text) : text.replace(/^(.?).*$/su, '$1***')));
  }

  /** The number of a parcel, by which anybody may find where it goes; masked, its last four characters. */
  reference(stored: Stored<'reference'> | null): string | null {
    return stored && this.#show(stored, (text) => `***${text.length > 8 ? text.slice(-4) : ''}`);
  }

  /** The name of a company, which is no person's: always shown. */
  label(stored: Stored<'label'>): string;
  label(stored: Stored<'label'> | null): string | null;
  label(stored: Stored<'label'> | null): string | null {
    return stored && plain(stored);
  }

  /** Free text, between marks that say that it is data; masked, without addresses and numbers. */
  text(stored: Stored<'text'> | null): string | null {
    const shown = stored && this.#show(stored, maskedText);
    return shown && `<data>${shown}</data>`;
  }

  #show(stored: Stored<StoredKind>, mask: (text: string) => string): string | null {
    if (this.mode === 'none') return null;
    return this.mode === 'full' ? plain(stored) : mask(plain(stored));
  }
}

/** The one place where a text of a row becomes a string. */
function plain(stored: Stored<StoredKind>): string {
  return plainRowText(stored as unknown as string);
}

function maskedEmail(text: string): string {
  const at = text.lastIndexOf('@');
  return at > 0 ? `${/^./u.exec(text)?.[0] ?? ''}***${text.slice(at)}` : '***';
}

function maskedPhone(text: string): string {
  return `***${text.replaceAll(/\D/g, '').slice(-2)}`;
}

function maskedText(text: string): string {
  return text.replaceAll(EMAIL, maskedEmail).replaceAll(PHONE, maskedPhone);
}
