# What the benchmark scripts share; they source it from the repository's root.

# Sets $python to a Python that has torch: NOPROP_TORCH_PYTHON, or else that of a virtual environment
# below ${XDG_CACHE_HOME:-~/.cache}/noprop, made once (torch is a large download).
find_torch() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/noprop
  python=${NOPROP_TORCH_PYTHON:-$cache/torch/bin/python}
  if [[ ! -x $python ]]; then
    [[ -z ${NOPROP_TORCH_PYTHON:-} ]] || { echo "NOPROP_TORCH_PYTHON=$python is not an executable file" >&2; exit 2; }
    echo "Making a virtual environment with torch in $cache/torch" >&2
    mkdir -p "$cache"
    python3 -m venv "$cache/torch"
    "$cache/torch/bin/pip" install --quiet torch numpy
  fi
}

# Compiles, and sets $class_path to that of the tests of a module, benchmarks among them.
build_class_path() { # pipeline, which is the default, or jobs
  local file module=${1:-pipeline}
  file=$(mktemp)
  mvn -B -q -Dstyle.color=never process-test-classes dependency:build-classpath -pl "$module" -am \
    -Dmdep.outputFile="$file" -Dmdep.includeScope=test >&2
  class_path="$module/target/test-classes:$module/target/classes:$(<"$file")"
  rm -f "$file"
}

milliseconds() { sed -E 's/.*"ms_per_step": ([0-9.]+).*/\1/'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
load() { cut -d' ' -f1-3 /proc/loadavg; }

describe_machine() {
  echo "CPU: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc --all) cores; load: $(load)"
  echo "OPENBLAS_CORETYPE: ${OPENBLAS_CORETYPE:-not set, chosen by the program}; $(java -version 2>&1 | head -1)"
}
