/** What ASCII prints and is neither a letter nor a digit stands between words; the apostrophe stands inside of them. */
const BETWEEN = ' !"#$%&()*+,-./:;<=>?@[\\]^_`{|}~';

/** Letters of a word that count. */
export const LONGEST_WORD = 30;

/** SQL: the words of a text that `norm` made; the same under every locale, and `O'Brien` is one word. */
export function wordsOf(text: string): string {
  const spaced = `translate(${text}, '${BETWEEN}''', '${' '.repeat(BETWEEN.length)}')`;
  return `array_remove(string_to_array(${spaced}, ' '), '')`;
}

/**
 * SQL: makes `spellings`, which gives each word of a text as it is and, from four letters on, with each of its letters
 * left out. Words that are a letter apart share one of these (one too many, one too few, another one, or two that changed
 * places), and few others do. The cost keeps the planner from asking row by row.
 */
export const createSpellings: string = `
  create function spellings(text) returns text[] language plpgsql immutable strict parallel safe cost 1000
  set search_path = pg_catalog, pg_temp as $$
  declare
    word text;
    made text[] := '{}';
  begin
    foreach word in array ${wordsOf('$1')} loop
      word := left(word, ${LONGEST_WORD});
      made := made || word;
      continue when length(word) < 4;
      for place in 1 .. length(word) loop
        made := made || (left(word, place - 1) || substr(word, place + 1));
      end loop;
    end loop;
    return made;
  end $$`;

/** SQL: the spellings of a customer, as the index has them; compared by their bytes, so that no locale can spoil it. */
export const SPELLINGS = `(spellings(name_n || ' ' || coalesce(company_n, '')) collate "C")`;

/** SQL: the index. What is written waits in no list, since each search would read all of that. */
export const SPELLINGS_INDEX: string = `customers using gin (${SPELLINGS}) with (fastupdate = off)`;
