/**
 * Every code with what it means: MRT1001 to MRT1999 are reported by inference, MRT2001 to MRT2999 by a server that
 * cannot start, MRT2002 by both. Codes are stable: a new meaning is a new code.
 */
export const codes = {
  MRT1001: 'There is no TypeScript project to read.',
  MRT1002: 'The project turns strictNullChecks off, so types do not say which values may be null.',
  MRT1003: 'No class of the project has a method marked with @tool(), @prompt() or @resource().',

  MRT1010: 'The class cannot be imported by the surface file, because it has no name or is not exported.',
  MRT1011: 'The mark stands on something other than a public method of an instance.',
  MRT1012: 'The method is overloaded, and a call from JSON cannot choose a signature.',
  MRT1013: 'The method or its class is generic, and JSON arrives without type arguments.',
  MRT1014: 'The name is not one that every client accepts: 1 to 64 of the characters A-Z, a-z, 0-9, _ and -.',
  MRT1015: 'Two methods of the surface have one name.',
  MRT1016: 'The method carries more than one of @tool(), @prompt() and @resource().',

  MRT1020: 'A destructured parameter stands beside other parameters, so it has no name in the arguments.',
  MRT1021: 'A @param tag names no parameter.',
  MRT1022: 'The default is not a value of the type it is the default of.',
  MRT1023: 'The parameter takes an array apart, and the arguments of a call are an object.',

  MRT1030: 'TypeScript itself reports an error in the type.',
  MRT1031: '`any` says nothing about the values.',
  MRT1032: 'The type has no JSON form.',
  MRT1033: 'The type has no value, or only `undefined`.',
  MRT1034: 'The class has methods or private members; it is not plain data.',
  MRT1035: 'A type parameter or unresolved conditional type is left over.',
  MRT1036: 'The type never ends: it nests deeper than 40 levels.',
  MRT1037: 'A Date and another string arrive in the same place, and JSON cannot tell them apart.',
  MRT1038: 'A Date stands where it cannot be found again in a call: in a recursive type or in a tuple.',
  MRT1039: '`{}` is any value but null and undefined to TypeScript.',

  MRT1040: 'A tag or constraint type has no usable value.',
  MRT1041: 'A tag or constraint type does not apply to the type it stands on.',
  MRT1042: 'The same constraint is given twice, with different values.',
  MRT1043: 'A TSDoc comment stands behind what it describes, on the same line.',

  MRT1050: 'The result of a tool is not an object.',

  MRT1060: 'The argument of a prompt is not a string, number, boolean or union of literals.',

  MRT1070: 'The URI of a resource is not a constant.',
  MRT1071: 'The URI template is not one of RFC 6570.',
  MRT1072: 'A variable of the URI template is no parameter of the method, or a parameter no variable.',
  MRT1073: 'The variable of a URI template is not a string, number, boolean or union of literals.',

  MRT1080: 'A tool, prompt or resource has no description.',
  MRT1081: 'A parameter has no description.',

  MRT1090: 'An argument that a header repeats is not reached through named properties alone.',
  MRT1091: 'Two arguments are repeated in one header.',

  MRT2001: '`setup` returns an instance of a class that the surface does not name.',
  MRT2002: 'The surface file is missing or older than its sources.',
  MRT2003: 'The name of a tool or prompt is not one that every client accepts.',
  MRT2004: 'Two tools, two prompts or two resources have one name.',
  MRT2005: '`setup` returns no instance of a class that the surface names.',
  MRT2006: '`setup` returns two instances of one class.',
  MRT2007: 'The `confirm` of a tool names something that is no argument of it.',
  MRT2008: 'The `text` of a tool says how structured content is shown, and the tool has none.',
  MRT2009: 'The `scopes`, `visible` and `public` of an entry say nothing, or contradict each other.',
  MRT2010: 'The icon of a server or an entry is no URL that a client may load.',
  MRT2011: 'The `cache` of an entry is public although not everybody may have it, or has no time.',
  MRT2012: 'The `ui` of a tool names a resource that the server does not offer.',
  MRT2013: 'The `complete` of an entry names something that is no argument of it.',
  MRT2014: 'The page size is no whole number from 1 on.',
  MRT2015: 'The folder of skills cannot be offered.',
  MRT2016:
    'A transform names a tool, prompt, resource or argument that is not there, or gives a value that it refuses.',
  MRT2017: 'A server that is mounted does not go together with the one that mounts it.',
  MRT2018: 'A tool `detaches`, but says nothing of becoming a `task`.',
  MRT2019: 'A decorator stands without its parentheses.',
} as const;

/** One of the {@link codes}. */
export type Code = keyof typeof codes;
