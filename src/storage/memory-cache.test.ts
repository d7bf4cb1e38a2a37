import { memoryCache } from './memory-cache.ts';
import { testPageCache } from './page-cache.testing.ts';

testPageCache(async (maxBytes) => memoryCache(maxBytes));
