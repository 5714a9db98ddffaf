import type { Protection } from '../confine/protection.ts';
import { globMatcher } from '../pattern/glob.ts';

/** Names of files and folders that hold keys or credentials on the systems people use; each is a whole name. */
const NAMES = [
  String.raw`\.ssh|\.gnupg|\.aws|\.azure|\.kube|\.password-store|\.mozilla|\.thunderbird|\.terraform\.d`,
  String.raw`\.netrc|_netrc|\.git-credentials|\.npmrc|\.yarnrc\.yml|\.pypirc|\.pgpass|\.my\.cnf|\.htpasswd|\.vault-token`,
  String.raw`\.env|\.envrc|\.env\.(?!(?:example|sample|template|dist)$).*|.*\.env`,
  String.raw`id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:\.(?!pub$).*)?`,
  String.raw`.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx?|ppk|ovpn|tfstate|tfvars|agekey)`,
  String.raw`credentials(?:\.(?:json|ya?ml|toml|ini|csv))?|\.credentials.*|client_secret.*\.json|service[-_]?account.*\.json`,
  String.raw`secrets?\.(?:json|ya?ml|toml|ini|txt)|auth\.json|\.?token(?:\.(?:json|txt))?`,
  String.raw`\..*_history|shadow-?|gshadow-?|wallet\.dat|login data|key[34]\.db|logins\.json|.*\.keychain(?:-db)?`,
];
/** The same, with the folder they stand in. */
const PATHS = [
  String.raw`\.docker/config\.json|\.config/(?:gcloud|gh|hub|op|sops|rclone)|\.m2/settings(?:-security)?\.xml`,
  String.raw`\.gem/credentials|\.cargo/credentials(?:\.toml)?|\.git/config`,
];
// written here and anchored at both ends of a name, so no input makes it slow
const DEFAULT = new RegExp(`(?:^|/)(?:${PATHS.join('|')}|(?:${NAMES.join('|').replaceAll('.*', '[^/]*')}))$`, 'i');

/** What the operator wants protected. */
export interface ProtectionOptions {
  /** Keys and credentials of common programs. */
  readonly defaults: boolean;
  /** Globs, matched against the path below the root, and against the name where they hold no slash. */
  readonly globs: readonly string[];
}

/** @throws Refusal PATTERN when a glob cannot be read */
export function protection({ defaults, globs }: ProtectionOptions): Protection {
  const matchers = globs.map((glob) => globMatcher(glob, { ignoreCase: true }));
  return {
    denies: (path) => (defaults && DEFAULT.test(path)) || matchers.some((matches) => matches(path)),
  };
}
