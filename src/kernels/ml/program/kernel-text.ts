import type { GpKernel } from '../gp/gp-kernel.ts';

/** A kernel as scikit-learn prints it, three digits. */
export function kernelText(kernel: GpKernel): string {
  const list = (value: number | readonly number[]) =>
    typeof value === 'number' ? short(value) : `[${value.map(short).join(', ')}]`;
  switch (kernel.kernel) {
    case 'constant':
      return `${short(Math.sqrt(kernel.constant_value ?? 1))}**2`;
    case 'white':
      return `WhiteKernel(noise_level=${short(kernel.noise_level ?? 1)})`;
    case 'rbf':
      return `RBF(length_scale=${list(kernel.length_scale ?? 1)})`;
    case 'matern':
      return `Matern(length_scale=${list(kernel.length_scale ?? 1)}, nu=${kernel.nu ?? 1.5})`;
    case 'rational_quadratic':
      return `RationalQuadratic(alpha=${short(kernel.alpha ?? 1)}, length_scale=${short(kernel.length_scale ?? 1)})`;
    case 'exp_sine_squared':
      return `ExpSineSquared(length_scale=${short(kernel.length_scale ?? 1)}, periodicity=${short(kernel.periodicity ?? 1)})`;
    case 'dot_product':
      return `DotProduct(sigma_0=${short(kernel.sigma_0 ?? 1)})`;
    case 'sum':
      return `${kernelText(kernel.k1)} + ${kernelText(kernel.k2)}`;
    case 'product': {
      const factor = (part: GpKernel) => (part.kernel === 'sum' ? `(${kernelText(part)})` : kernelText(part));
      return `${factor(kernel.k1)} * ${factor(kernel.k2)}`;
    }
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
