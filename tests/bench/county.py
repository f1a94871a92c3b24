"""A seeded synthetic county for measurements: shapefiles as a county delivers them (GBK, EPSG:4523).

    python -m tests.bench.county FOLDER --survey 258000 --parcels 5000 --approvals 5000

dltb       Voronoi cells with fractal shared edges, some merged into large blobs with holes, and chains of thin cells merged into
           long roads and ditches: an exact tessellation, heavy-tailed in size and in vertices, like the real layer.
parcels    irregular stars of 10-60 vertices, log-normal area (median 3000 m2), independent of the survey; 10 % copy one of its
           polygons; 0.3 % are strips of several kilometres.
approvals  per parcel jittered copies (slivers), shifted copies, overlapping halves, exact copies; and unrelated blocks.
"""

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import Voronoi, cKDTree

X0, Y0 = 35_452_000.0, 3_386_000.0  # zone-35 easting with prefix, northing ~30.6 N
CRS = "EPSG:4523"
CELL = 10_000.0  # mean cell area, m2

# (code, name, weight) - two-digit prefix is the first-level class used as the attribute group
DL = [
    ("0101", "水田", 14),
    ("0102", "水浇地", 4),
    ("0103", "旱地", 13),
    ("0201", "果园", 6),
    ("0204", "其他园地", 2),
    ("0301", "乔木林地", 17),
    ("0302", "竹林地", 3),
    ("0305", "灌木林地", 5),
    ("0307", "其他林地", 4),
    ("0404", "其他草地", 4),
    ("0508", "物流仓储用地", 1),
    ("0601", "工业用地", 3),
    ("0602", "采矿用地", 1),
    ("0701", "城镇住宅用地", 3),
    ("0702", "农村宅基地", 9),
    ("08H2", "科教文卫用地", 1),
    ("0810", "公园与绿地", 1),
    ("09", "特殊用地", 1),
    ("1104", "坑塘水面", 4),
    ("1202", "设施农用地", 3),
    ("1206", "裸土地", 1),
]
ROAD = [("1003", "公路用地"), ("1006", "农村道路"), ("1101", "河流水面"), ("1107", "沟渠")]


def road_lines(rng, side, n):
    lines = []
    for _ in range(n):
        p = rng.uniform(0, side, 2)
        h = rng.uniform(0, 2 * np.pi)
        pts = [p]
        for _ in range(int(rng.integers(60, 500))):
            h += rng.normal(0, 0.09)
            p = p + 25.0 * np.array([np.cos(h), np.sin(h)])
            if not (0 < p[0] < side and 0 < p[1] < side):
                break
            pts.append(p)
        if len(pts) > 20:
            lines.append(np.array(pts))
    return lines


def tessellation(rng, n):
    side = np.sqrt(n * 1.06 * CELL)
    m = 300.0
    n_road = max(4, int(side / 1000 * 1.6))
    lines = road_lines(rng, side, n_road)
    rows, row_line = [], []
    for li, line in enumerate(lines):
        d = np.gradient(line, axis=0)
        nrm = np.c_[-d[:, 1], d[:, 0]] / np.hypot(d[:, 0], d[:, 1])[:, None]
        w = rng.uniform(4, 14)
        for off, tag in ((0, li), (w, -1), (-w, -1)):
            rows.append(line + off * nrm)
            row_line.append(np.full(len(line), tag))
    road_pts = np.vstack(rows)
    road_tag = np.concatenate(row_line)
    n_free = max(1000, int(n * (side + 2 * m) ** 2 / side**2 * 0.80))
    k = int(n_free * 0.45)
    villages = rng.uniform(-m, side + m, (max(3, int((side / 1000) ** 2 * 1.2)), 2))
    pts = np.vstack(
        [
            rng.uniform(-m, side + m, (n_free - k, 2)),
            villages[rng.integers(0, len(villages), k)] + rng.normal(0, 260, (k, 2)),
        ]
    )
    ok = (pts > -m).all(1) & (pts < side + m).all(1)
    ok &= cKDTree(road_pts).query(pts)[0] > 22
    pts = pts[ok]
    dd = cKDTree(pts).query_pairs(14.0, output_type="ndarray")
    pts = np.delete(pts, np.unique(dd[:, 1]), 0) if len(dd) else pts
    allp = np.vstack([pts, road_pts])
    tag = np.concatenate([np.full(len(pts), -1), road_tag])
    v = Voronoi(allp)
    V = v.vertices
    inside = ((V > 0) & (side > V)).all(1)
    rv = np.asarray(v.ridge_vertices)
    rp = v.ridge_points
    finite = (rv >= 0).all(1)
    bad = np.zeros(len(allp), bool)
    bad[rp[~finite].ravel()] = True
    o = finite & ~(inside[np.maximum(rv, 0)].all(1))
    bad[rp[o].ravel()] = True
    good = ~bad
    keep = finite & (good[rp[:, 0]] | good[rp[:, 1]])
    rv, rp = rv[keep], rp[keep]
    # merge labels: road chains and random blobs
    par = np.arange(len(allp))

    def find(a):
        while par[a] != a:
            par[a] = par[par[a]]
            a = par[a]
        return a

    road_ids = {}
    base = len(pts)
    pos = base
    for li, line in enumerate(lines):
        ids = np.arange(pos, pos + len(line))
        pos += 3 * len(line)
        i = 0
        while i < len(ids):
            step = int(rng.integers(10, 160))
            chain = [c for c in ids[i : i + step] if good[c]]
            for a, b in zip(chain, chain[1:]):
                if b == a + 1:
                    par[find(b)] = find(a)
            for c in chain:
                road_ids[c] = li
            i += step
    nb = [[] for _ in range(len(allp))]
    for a, b in rp:
        if good[a] and good[b]:
            nb[a].append(b)
            nb[b].append(a)
    used = np.zeros(len(allp), bool)
    used[list(road_ids)] = True
    n_blob = int(n * 0.012)
    cand = rng.permutation(np.flatnonzero(good & ~used))[:n_blob]
    for s in cand:
        if used[s]:
            continue
        size = int(min(300, 3 + rng.pareto(1.1) * 5))
        front, got = [s], []
        used[s] = True
        while front and len(got) < size:
            c = front.pop(int(rng.integers(0, len(front))))
            got.append(c)
            for q in nb[c]:
                if not used[q] and rng.random() < 0.6:  # skipped neighbours become holes
                    used[q] = True
                    front.append(q)
        for q in front:
            used[q] = False
        for q in got[1:]:
            par[find(q)] = find(s)
    lab = np.array([find(i) if good[i] else -1 for i in range(len(allp))])
    # fractal ridges
    a, b = V[rv[:, 0]], V[rv[:, 1]]
    L = np.hypot(*(b - a).T)
    lev = np.clip(np.floor(np.log2(np.maximum(L, 1) / 5.5)), 0, 4).astype(int)
    straight = np.zeros(len(rv), bool)
    seed = int(rng.integers(1 << 31))

    def build(lev):
        r = np.random.default_rng(seed)
        noise = r.normal(0, 0.07, (len(rv), 15))
        noise = np.clip(noise, -0.16, 0.16)
        inner = {}
        for k in range(0, 5):
            s = np.flatnonzero(lev == k)
            P = np.stack([a[s], b[s]], 1)
            c = 0
            for _ in range(k):
                A, B = P[:, :-1], P[:, 1:]
                d = B - A
                w = noise[s, c : c + d.shape[1]]
                c += d.shape[1]
                M = (A + B) / 2 + np.stack([-d[..., 1], d[..., 0]], -1) * w[..., None]
                Q = np.empty((len(s), P.shape[1] + M.shape[1], 2))
                Q[:, 0::2], Q[:, 1::2] = P, M
                P = Q
            inner[k] = (s, np.round(P + [X0, Y0], 4))
        off = np.zeros(len(rv) + 1, int)
        off[1:] = np.cumsum(2**lev + 1)
        flat = np.empty((off[-1], 2))
        for k, (s, P) in inner.items():
            if len(s):
                idx = off[s][:, None] + np.arange(2**k + 1)
                flat[idx] = P
        return flat, off

    cells = np.flatnonzero(good)
    he_r = np.concatenate([np.arange(len(rv))] * 2)
    he_c = np.concatenate([rp[:, 0], rp[:, 1]])
    s = good[he_c]
    he_r, he_c = he_r[s], he_c[s]
    site = allp[he_c]
    va, vb = V[rv[he_r, 0]] - site, V[rv[he_r, 1]] - site
    fwd = va[:, 0] * vb[:, 1] - va[:, 1] * vb[:, 0] > 0
    st = np.where(fwd[:, None], va, vb)
    o = np.lexsort((np.arctan2(st[:, 1], st[:, 0]), he_c))
    he_r, he_c, fwd = he_r[o], he_c[o], fwd[o]
    while True:
        flat, off = build(np.where(straight, 0, lev))
        cnt = (off[1:] - off[:-1])[he_r] - 1  # drop the last point of every half-edge
        start = np.concatenate([[0], np.cumsum(cnt)])
        j = np.arange(start[-1]) - np.repeat(start[:-1], cnt)
        f = np.repeat(fwd, cnt)
        r0 = np.repeat(off[he_r], cnt)
        r1 = np.repeat(off[he_r + 1] - 1, cnt)
        coords = flat[np.where(f, r0 + j, r1 - j)]
        ring_of = np.repeat(np.searchsorted(cells, he_c), cnt)
        polys = shapely.polygons(shapely.linearrings(coords, indices=ring_of))
        inv = ~shapely.is_valid(polys)
        if not inv.any():
            break
        badc = set(cells[inv])
        straight |= np.isin(rp[:, 0], list(badc)) | np.isin(rp[:, 1], list(badc))
    # merge
    cl = lab[cells]
    u, inv_i, cnts = np.unique(cl, return_inverse=True, return_counts=True)
    out = np.empty(len(u), object)
    single = cnts[inv_i] == 1
    out[inv_i[single]] = polys[single]
    order = np.argsort(inv_i, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(cnts)])
    for g in np.flatnonzero(cnts > 1):
        m_ = shapely.coverage_union_all(polys[order[bounds[g] : bounds[g + 1]]])
        out[g] = m_
    is_road = np.array([x in road_ids for x in u])
    # multiparts (a road cut by a blob cell): explode
    parts, pidx = shapely.get_parts(out, return_index=True)
    return parts, is_road[pidx], side


def star(rng, n, center, area, elong=None):
    """n irregular star-shaped polygons, 10-60 vertices, exact target areas."""
    nv = rng.integers(10, 61, n)
    out = np.empty(n, object)
    for i in range(n):
        k = nv[i]
        t = np.sort(rng.uniform(0, 2 * np.pi, k))
        if np.diff(np.r_[t, t[0] + 2 * np.pi]).max() > 2.2:
            t = np.linspace(0, 2 * np.pi, k, endpoint=False) + rng.normal(0, 0.2 / k, k)
        r = 1 + 0.35 * np.sin(rng.integers(2, 5) * t + rng.uniform(0, 6)) + rng.normal(0, 0.08, k)
        r = np.clip(r, 0.3, None)
        xy = np.c_[r * np.cos(t), r * np.sin(t)]
        e = np.exp(rng.normal(0, 0.35)) if elong is None else elong[i]
        xy *= [e, 1 / e]
        h = rng.uniform(0, np.pi)
        xy = xy @ np.array([[np.cos(h), np.sin(h)], [-np.sin(h), np.cos(h)]])
        p = shapely.polygons(xy)
        xy *= np.sqrt(area[i] / p.area)
        out[i] = shapely.polygons(np.round(xy + center[i], 4))
    bad = ~shapely.is_valid(out)
    out[bad] = shapely.convex_hull(out[bad])
    return out


def jitter(rng, g, sd):
    """The shell of g with every vertex moved by up to 3 sd (an approval redrawn from the same survey)."""
    c = shapely.get_coordinates(shapely.get_exterior_ring(g))[:-1]
    out = shapely.polygons(np.round(c + np.clip(rng.normal(0, sd, c.shape), -3 * sd, 3 * sd), 4))
    return out if out.is_valid else shapely.make_valid(out)


def polygon_only(g):
    if g.geom_type == "Polygon":
        return g
    p = [q for q in shapely.get_parts(g) if q.geom_type == "Polygon" and q.area > 0.01]
    return max(p, key=lambda q: q.area) if p else None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--survey", type=int, default=20_000)
    parser.add_argument("--parcels", type=int, default=500)
    parser.add_argument("--approvals", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20240601)
    a = parser.parse_args()
    write(a.folder, a.survey, a.parcels, a.approvals, a.seed)


def write(folder: Path, survey: int, parcel_count: int, approval_count: int, seed: int = 20240601) -> None:
    """Write parcels.shp, approvals.shp and dltb.shp; each has its number in RID."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    dl, road, side = tessellation(rng, survey)
    n = len(dl)
    w = np.array([x[2] for x in DL], float)
    ci = rng.choice(len(DL), n, p=w / w.sum())
    code = np.array([x[0] for x in DL])[ci].astype(object)
    name = np.array([x[1] for x in DL])[ci].astype(object)
    ri = rng.integers(0, len(ROAD), n)
    code[road] = np.array([x[0] for x in ROAD], object)[ri[road]]
    name[road] = np.array([x[1] for x in ROAD], object)[ri[road]]
    dltb = gpd.GeoDataFrame(
        {
            "BSM": [f"510100211{i:09d}" for i in range(n)],
            "YSDM": "2001010100",
            "TBBH": np.arange(n).astype(str),
            "DLBM": code,
            "DLMC": name,
            "QSXZ": "30",
            "QSDWDM": "5101001000010000000",
            "QSDWMC": "示范县第一村民委员会",
            "ZLDWDM": "5101001000010000000",
            "ZLDWMC": "示范县第一村民委员会",
            "TBMJ": np.round(shapely.area(dl), 2),
            "KCXS": 0.0,
            "GDLX": "PD",
            "BZ": "",
        },
        geometry=dl,
        crs=CRS,
    )
    # parcels
    m = parcel_count
    area = np.clip(np.exp(rng.normal(np.log(3000), 1.2, m)), 100, 1.5e6)
    c = np.c_[rng.uniform(200, side - 200, m) + X0, rng.uniform(200, side - 200, m) + Y0]
    elong = np.exp(rng.normal(0, 0.35, m))
    lin = rng.random(m) < 0.003
    elong[lin] = rng.uniform(5, 10, lin.sum())
    area[lin] = rng.uniform(5e4, 3e5, lin.sum())
    par = star(rng, m, c, area, elong)
    small = np.flatnonzero((shapely.area(dl) < 60_000) & (shapely.area(dl) > 200) & ~road)
    cp = np.flatnonzero(rng.random(m) < 0.10)
    par[cp] = dl[rng.choice(small, len(cp), replace=False)]
    parcels = gpd.GeoDataFrame(
        {
            "JCBH": [f"5101002024Q2{i:05d}" for i in range(m)],
            "XZQDM": "510100",
            "XMC": "示范县",
            "TBLX": rng.choice(["1", "2", "3"], m),
            "HSX": "20240115",
            "QSX": "20230620",
            "JCMJ": np.round(shapely.area(par) / 666.6666667, 2),
            "BZ": "疑似新增建设用地",
        },
        geometry=par,
        crs=CRS,
    )
    # approvals
    app = []
    kind = rng.random(m)
    for i in range(m):
        if len(app) >= approval_count * 0.8:
            break
        p, sz = par[i], np.sqrt(par[i].area)
        if kind[i] < 0.30:
            app.append(jitter(rng, p, rng.uniform(0.1, 1.0)))
            if rng.random() < 0.3:
                app.append(jitter(rng, p, rng.uniform(0.1, 1.0)))
        elif kind[i] < 0.50:
            d = rng.uniform(0.1, 0.6) * sz
            t = rng.uniform(0, 2 * np.pi)
            app.append(shapely.transform(p, lambda q, d=d, t=t: q + d * np.array([np.cos(t), np.sin(t)])))
        elif kind[i] < 0.62:
            x1, y1, x2, y2 = p.bounds
            f = rng.uniform(0.35, 0.65)
            ov = rng.uniform(-1, 3)
            b = shapely.buffer(p, 3, quad_segs=2)
            app.append(shapely.intersection(b, shapely.box(x1 - 9, y1 - 9, x1 + f * (x2 - x1) + ov, y2 + 9)))
            app.append(shapely.intersection(b, shapely.box(x1 + f * (x2 - x1), y1 - 9, x2 + 9, y2 + 9)))
        elif kind[i] < 0.70:
            app.append(shapely.buffer(p, rng.uniform(20, 120), quad_segs=3))
        elif kind[i] < 0.73:
            app.append(p)
    rest = approval_count - len(app)
    cc = np.c_[rng.uniform(0, side, rest) + X0, rng.uniform(0, side, rest) + Y0]
    app += list(star(rng, rest, cc, np.clip(np.exp(rng.normal(np.log(20_000), 1.1, rest)), 300, 3e6)))
    app = [polygon_only(g if g.is_valid else shapely.make_valid(g)) for g in app]
    app = np.array([g for g in app if g is not None], object)
    app = app[rng.permutation(len(app))]
    k = len(app)
    approvals = gpd.GeoDataFrame(
        {
            "PWBH": [f"川府土〔{2010 + int(y)}〕{i}号" for i, y in enumerate(rng.integers(0, 15, k))],
            "PWLX": rng.choice(["农转用", "批次城镇", "单独选址", "供地"], k),
            "XMMC": "示范县建设用地项目",
            "PZRQ": "20200101",
            "PZMJ": np.round(shapely.area(app), 2),
        },
        geometry=app,
        crs=CRS,
    )
    for name, layer in (("parcels", parcels), ("approvals", approvals), ("dltb", dltb)):
        if not layer.geometry.is_valid.all():
            raise ValueError(f"{name}: invalid geometry")
        layer.insert(0, "RID", np.arange(len(layer), dtype="int32"))
        layer.to_file(folder / f"{name}.shp", engine="pyogrio", encoding="GBK")


if __name__ == "__main__":
    main()
