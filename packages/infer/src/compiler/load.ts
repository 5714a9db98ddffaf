import { versionMajorMinor } from 'typescript';

/** The module by the name that this version of TypeScript has it under. */
export async function load<Module>(name: 'sync' | 'ast' | 'ast/is' | 'fs'): Promise<Module> {
  const folder = versionMajorMinor === '7.0' ? 'typescript/unstable' : 'typescript';
  return (await import(`${folder}/${name}`)) as Module;
}
