type Method = (...parameters: readonly unknown[]) => unknown;

/**
 * The same object, which is asked only once what it is asked about one subject, its methods' first parameter. Subjects
 * asked about together, as an array, are remembered one by one.
 */
export function remembering<Asked extends object>(asked: Asked): Asked {
  const methods = new Map<PropertyKey, Method>();
  return new Proxy(asked, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      let known = methods.get(name);
      if (!known) methods.set(name, (known = once((...parameters) => Reflect.apply(method, target, parameters))));
      return known;
    },
  });
}

function once(ask: Method): Method {
  const answers = new Map<object, unknown>();
  const byQuestion = new Map([['', answers]]);
  return (...parameters) => {
    const [subject, ...others] = parameters;
    if (Array.isArray(subject) && others.length === 0) {
      const all = subject as readonly object[];
      const unasked = [...new Set(all)].filter((each) => !answers.has(each));
      const found = unasked.length === 0 ? [] : (ask(unasked) as readonly unknown[]);
      for (const [index, each] of unasked.entries()) answers.set(each, found[index]);
      return all.map((each) => answers.get(each));
    }
    if (typeof subject !== 'object' || subject === null || others.some((each) => typeof each === 'object')) {
      return ask(...parameters);
    }
    const question = others.join(' ');
    const known = byQuestion.get(question) ?? new Map<object, unknown>();
    byQuestion.set(question, known);
    if (!known.has(subject)) known.set(subject, ask(...parameters));
    return known.get(subject);
  };
}
