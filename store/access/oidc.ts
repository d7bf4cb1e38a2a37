import * as oidc from 'openid-client';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Access } from './access-file.ts';
import type { Person } from './user-rights.ts';

/** What must be remembered, sealed, between going to the provider and coming back. */
export interface Departure {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** OpenID Connect: authorization code with PKCE, as a confidential client. */
export interface SignIn {
  /** Where the browser goes to sign in. */
  begin(callback: string): Promise<{ readonly url: string; readonly departure: Departure }>;
  /** Who came back to `url`. Throws `refused` when anything does not fit together. */
  finish(url: URL, departure: Departure): Promise<Person>;
}

/** The provider is asked about itself when somebody first signs in, and again after it could not be reached. */
export function openSignIn(settings: NonNullable<Access['signIn']>): SignIn {
  const {
    issuer,
    clientId,
    clientSecret,
    user = 'sub',
    groups = 'groups',
    scope = 'openid profile email',
  } = settings;
  let known: Promise<oidc.Configuration> | undefined;
  const provider = (): Promise<oidc.Configuration> => {
    const address = new URL(issuer);
    const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname);
    known ??= oidc
      .discovery(address, clientId, clientSecret, undefined, {
        timeout: 10,
        // Without TLS only where nothing leaves the machine.
        ...(isLocal && { execute: [oidc.allowInsecureRequests] }),
      })
      .catch((cause: unknown) => {
        known = undefined;
        throw new ExaError(
          'offline',
          `The sign-in service ${issuer} cannot be reached: try again in a moment.`,
          { cause },
        );
      });
    return known;
  };
  return {
    async begin(callback) {
      const configuration = await provider();
      const departure = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope,
        state: departure.state,
        nonce: departure.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(departure.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, departure };
    },
    async finish(url, { state, nonce, verifier }) {
      const configuration = await provider();
      let claims: oidc.IDToken | undefined;
      try {
        const tokens = await oidc.authorizationCodeGrant(configuration, url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        claims = tokens.claims();
        const named = claims && (user in claims || user === 'sub');
        if (claims && !named)
          claims = {
            ...claims,
            ...(await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)),
          };
      } catch (cause) {
        throw new ExaError('refused', 'The sign-in did not succeed: begin again.', { cause });
      }
      const id = claims?.[user];
      if (!claims || typeof id !== 'string' || id === '')
        throw new ExaError(
          'refused',
          `The sign-in service says no “${user}” of you, by which this store knows people.`,
        );
      const listed = claims[groups];
      return {
        user: id,
        ...(typeof claims.name === 'string' && { name: claims.name }),
        groups: Array.isArray(listed)
          ? listed.filter((group): group is string => typeof group === 'string')
          : [],
      };
    },
  };
}
