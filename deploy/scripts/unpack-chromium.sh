#!/usr/bin/env bash
# Makes a runnable Chromium of the npm package, for machines where nothing can be installed: the package
# carries the program and the libraries a bare system lacks. unpack-chromium.sh DIR
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=$(mkdir -p "$1" && cd "$1" && pwd)
from=deploy/dev/browser/node_modules/@sparticuz/chromium/bin
if [ -x "$dir/chromium" ] && [ "$dir/chromium" -nt "$from/chromium.br" ]; then exit 0; fi
echo "==> unpacking Chromium ..." >&2
inflate() {
	node -e 'const fs=require("node:fs"),z=require("node:zlib");fs.createReadStream(process.argv[1]).pipe(z.createBrotliDecompress()).pipe(fs.createWriteStream(process.argv[2]))' "$1" "$2"
}
for pack in al2023 swiftshader fonts; do
	inflate "$from/$pack.tar.br" "$dir/$pack.tar"
	tar -xf "$dir/$pack.tar" -C "$dir" && rm "$dir/$pack.tar"
done
inflate "$from/chromium.br" "$dir/program"
chmod +x "$dir/program"
cat >"$dir/chromium.new" <<EOF
#!/bin/sh
LD_LIBRARY_PATH="$dir/lib\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" exec "$dir/program" --disable-gpu "\$@"
EOF
chmod +x "$dir/chromium.new"
mv "$dir/chromium.new" "$dir/chromium"
