/** A parameter's value as JSON; null is Python's None. */
export type ParamValue = number | string | boolean | null;

/** Parameters by name; what is left out has scikit-learn's default. */
export type ParamValues = Readonly<Record<string, ParamValue>>;
