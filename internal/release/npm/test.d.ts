/** Actors that were seeded for one test, with keys that nobody else has. */
export interface Fixture<Outputs = Record<string, any>> extends AsyncDisposable {
  /** The URL of the Rivet, for createClient. It is in RIVET_ENDPOINT too. */
  readonly endpoint: string;
  /** The namespace. It is in RIVET_NAMESPACE too. */
  readonly namespace: string;
  /** The outputs of the configuration, sensitive ones included. */
  readonly outputs: Outputs;
  /** The key of an actor that the configuration declares with these parts, or that no other test has. */
  key(...parts: string[]): string[];
  /** Destroys what was seeded and seeds it anew. */
  reset(): Promise<void>;
  /** Destroys what was seeded. It also goes when this process ends, in whatever way. */
  dispose(): Promise<void>;
}

/**
 * Applies a configuration with a prefix of the keys of its own. Any number of them live beside each other.
 *
 * Where RIVET_ENDPOINT is set, that Rivet is used; otherwise one is started for this process, as by {@link serve}.
 *
 * @param configuration the folder, or the one file; a path is relative to the working directory
 * @throws what riveter says when the configuration is wrong or cannot be applied; then nothing of it is left
 */
export function fixture<Outputs = Record<string, any>>(
  configuration: string | URL,
  options?: {
    /** Values of variables: what JSON can say. One that is undefined is not given. */
    vars?: Record<string, unknown>;
  },
): Promise<Fixture<Outputs>>;

/**
 * Starts a throw-away Rivet with a registry of actors, and points RIVET_ENDPOINT and RIVET_NAMESPACE of this process and of those
 * that it starts to it. It goes when it is told to, and when this process ends, in whatever way. Where RIVET_ENDPOINT is set,
 * it does nothing, and where this process has started one already, whatever its registry, that is the one.
 *
 * @returns what stops the Rivet
 */
export function serve(options?: {
  /** The folder of the registry; by default the working directory, the folder above it, or a folder registry in one of them. */
  registry?: string;
  /** What starts the registry; by default what its package.json says. */
  command?: string;
}): Promise<() => Promise<void>>;
