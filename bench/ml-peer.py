"""scikit-learn's side of `npm run bench -- ml`: makes the data of every task by fixed seeds, then times tasks by name.

Usage: python3 ml-peer.py DIRECTORY. Writes each array as DIRECTORY/NAME.f64 and shapes.json, says "ready", then answers
each line `task` with one line of JSON: {"ms": [...], "check": number}. One thread: the caller sets OMP_NUM_THREADS=1.
"""

import json
import sys
import time
import warnings
from os.path import join

import numpy as np
import sklearn
from sklearn.cluster import KMeans, MeanShift, SpectralClustering
from sklearn.covariance import EllipticEnvelope
from sklearn.datasets import load_diabetes, make_blobs, make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.linear_model import Ridge, lasso_path
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC, SVR, OneClassSVM

warnings.filterwarnings("ignore")
directory = sys.argv[1]
arrays = {}


def keep(name, array):
    arrays[name] = np.ascontiguousarray(array, dtype=np.float64)


def linear(rows, columns, seed):
    r = np.random.RandomState(seed)
    x = r.standard_normal((rows, columns))
    w = np.where(np.arange(columns) % 4 == 0, r.standard_normal(columns) * 5, 0)
    return x, x @ w + r.standard_normal(rows)


diabetes = load_diabetes()
keep("diabetes.x", diabetes.data)
keep("diabetes.y", diabetes.target)
for name, rows, columns in (("lasso", 100_000, 100), ("ridge", 1_000_000, 20)):
    x, y = linear(rows, columns, 1)
    keep(f"{name}.x", x)
    keep(f"{name}.y", y)
r = np.random.RandomState(2)
keep("pca.x", r.standard_normal((100_000, 50)) @ r.standard_normal((50, 50)))
x, _ = make_blobs(1_000_000, 8, centers=10, cluster_std=4.0, random_state=3)
keep("kmeans.x", x)
keep("kmeans.init", x[np.random.RandomState(4).choice(len(x), 10, replace=False)])
r = np.random.RandomState(5)
far = r.uniform(-6, 6, (500, 2))
keep("outliers.x", np.r_[0.6 * r.standard_normal((4750, 2)) + 2, 0.6 * r.standard_normal((4750, 2)) - 2, far])
r = np.random.RandomState(13)
clean = r.multivariate_normal([0, 0], [[2, 0.8], [0.8, 1]], 9500)
keep("elliptic.x", np.r_[clean, r.uniform(-12, 12, (500, 2))])
side = np.linspace(-7, 7, 150)
keep("outliers.grid", np.c_[[a.ravel() for a in np.meshgrid(side, side)]].T)
x = np.sort(np.random.RandomState(6).uniform(0, 20, 500))
keep("gp.x", x[:, None])
keep("gp.y", np.sin(x) + 0.3 * np.random.RandomState(7).standard_normal(500))
x, y = make_classification(5000, 10, n_informative=6, n_redundant=0, flip_y=0.1, random_state=8)
keep("svc.x", x)
keep("svc.y", y)
r = np.random.RandomState(9)
x = r.standard_normal((5000, 9))
keep("svr.x", x)
keep("svr.y", np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 0.3 * r.standard_normal(5000))
x, y = make_classification(12_000, 20, n_informative=8, n_classes=3, flip_y=0.05, random_state=10)
keep("forest.x", x)
keep("forest.y", y)
x, y = make_classification(60_000, 8, n_informative=6, n_redundant=0, n_classes=3, random_state=11)
keep("knn.x", x[:50_000])
keep("knn.y", y[:50_000])
keep("knn.q", x[50_000:])
x, _ = make_blobs(1500, 2, centers=4, cluster_std=1.2, random_state=12)
keep("meanshift.x", x)
keep("spectral.x", x)

with open(join(directory, "shapes.json"), "w") as file:
    json.dump({name: list(array.shape) for name, array in arrays.items()}, file)
for name, array in arrays.items():
    array.tofile(join(directory, f"{name}.f64"))

a = arrays
one_class = OneClassSVM(nu=0.1, gamma=0.1)
kernel = RBF() + WhiteKernel()


def lasso(name):
    _, coefs, _ = lasso_path(a[f"{name}.x"], a[f"{name}.y"])
    return np.abs(coefs).sum()


def spectral():
    model = SpectralClustering(4, gamma=1.0, random_state=0).fit(a["spectral.x"])
    return len(set(model.labels_))


def forest():
    model = RandomForestClassifier(100, random_state=0).fit(a["forest.x"][:10_000], a["forest.y"][:10_000])
    return lambda: model.score(a["forest.x"][10_000:], a["forest.y"][10_000:])


def knn():
    model = KNeighborsClassifier(5, algorithm="kd_tree").fit(a["knn.x"], a["knn.y"])
    return model.predict(a["knn.q"]).sum()


def envelope():
    model = EllipticEnvelope(random_state=0).fit(a["elliptic.x"])
    return np.linalg.slogdet(model.covariance_)[1]


tasks = {
    "lasso-diabetes": (20, lambda: lasso("diabetes")),
    "lasso-100kx100": (1, lambda: lasso("lasso")),
    "pca-100kx50": (1, lambda: PCA().fit(a["pca.x"]).explained_variance_.sum()),
    "ridge-1mx20": (1, lambda: np.abs(Ridge().fit(a["ridge.x"], a["ridge.y"]).coef_).sum()),
    "kmeans-1mx8": (
        1,
        lambda: KMeans(10, init=a["kmeans.init"], n_init=1, max_iter=30, tol=0, algorithm="lloyd")
        .fit(a["kmeans.x"])
        .inertia_,
    ),
    "ocsvm-grid": (3, lambda: one_class.decision_function(a["outliers.grid"]).sum()),
    "ocsvm-fit-10k": (1, lambda: len(OneClassSVM(nu=0.1, gamma=0.1).fit(a["outliers.x"]).support_)),
    "elliptic-10k": (1, envelope),
    "iforest-10k": (3, lambda: IsolationForest(contamination=0.1, random_state=0).fit(a["outliers.x"]).offset_),
    "gp-500": (
        1,
        lambda: GaussianProcessRegressor(kernel).fit(a["gp.x"], a["gp.y"]).log_marginal_likelihood_value_,
    ),
    "svc-5kx10": (1, lambda: len(SVC().fit(a["svc.x"], a["svc.y"]).support_)),
    "svr-5kx9": (1, lambda: len(SVR().fit(a["svr.x"], a["svr.y"]).support_)),
    "forest-10kx20": (1, forest),
    "knn-50kx8": (1, knn),
    "meanshift-1500": (1, lambda: len(MeanShift(bandwidth=2.0).fit(a["meanshift.x"]).cluster_centers_)),
    "spectral-1500": (1, spectral),
}
one_class.fit(a["outliers.x"])
print(json.dumps({"ready": sklearn.__version__, "numpy": np.__version__}), flush=True)
for line in sys.stdin:
    times, task = tasks[line.strip()]
    ms = []
    for _ in range(times):
        start = time.perf_counter()
        check = task()
        ms.append((time.perf_counter() - start) * 1000)
    if callable(check):
        check = check()
    print(json.dumps({"ms": ms, "check": float(check)}), flush=True)
