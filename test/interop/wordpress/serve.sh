#!/usr/bin/env bash
# Serves a WordPress of its own until its standard input ends, then stops what it started and removes its folder.
# Arguments: the port on 127.0.0.1. Prints one line, the folder, once pages are served. Nothing runs as root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
port=$1
PATH=$PATH:/usr/sbin:/sbin # where daemons are, which only root looks for there
code=/usr/share/wordpress
fpm=$(ls /usr/sbin/php-fpm* 2>/dev/null | sort -V | tail -n 1) || true

for program in mariadb-install-db mariadbd mariadb php nginx setpriv "${fpm:-php-fpm}"; do
  command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 1; }
done
[ -e $code/wp-trackback.php ] || { echo 'the Debian package wordpress is not installed' >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/trackbacks-wordpress.XXXXXX")
daemons=()
stop() {
  if [ ${#daemons[@]} -gt 0 ]; then kill "${daemons[@]}" 2>/dev/null || true; fi
  wait
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM

unprivileged=()
if [ "$(id -u)" = 0 ]; then unprivileged=(setpriv --reuid=www-data --regid=www-data --clear-groups); fi
run() { "${unprivileged[@]}" "$@"; }
# A daemon must not hold the pipes of whoever waits for this script; what is remembered is its own process id.
start() {
  "${unprivileged[@]}" "$@" >>"$folder/log" 2>&1 </dev/null &
  daemons+=($!)
}
until_ready() {
  for _ in $(seq 200); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.05
  done
  echo "no answer to: $*" >&2
  cat "$folder/log" >&2
  exit 1
}

# The code is Debian's, by links; only what WordPress looks for beside its own files is ours.
www=$folder/www
mkdir -p "$folder/tmp" "$www/wp-content/mu-plugins" "$www/wp-content/uploads"
cp $code/*.php "$www"
ln -s $code/wp-admin $code/wp-includes "$www"
ln -s $code/wp-content/themes $code/wp-content/plugins "$www/wp-content"
cp "$here/config.php" "$www/wp-config.php"
cp "$here/plugin.php" "$www/wp-content/mu-plugins/interop.php"
cp "$here/site.php" "$folder"
export INTEROP_PORT=$port INTEROP_SOCKET=$folder/database.sock
printf '<?php\nputenv("INTEROP_PORT=%s");\nputenv("INTEROP_SOCKET=%s");\n' "$port" "$INTEROP_SOCKET" >"$folder/place.php"

cat >"$folder/fpm.conf" <<CONF
[global]
error_log = $folder/fpm.log
[www]
listen = $folder/fpm.sock
listen.backlog = 1024
pm = static
pm.max_children = 8
php_admin_value[error_log] = $folder/php.log
php_admin_flag[log_errors] = on
CONF
cat >"$folder/nginx.conf" <<CONF
worker_processes 1;
pid $folder/nginx.pid;
daemon off;
events { worker_connections 512; }
http {
  include /etc/nginx/mime.types;
  access_log off;
  client_body_temp_path $folder/tmp/body;
  proxy_temp_path $folder/tmp/proxy;
  fastcgi_temp_path $folder/tmp/fastcgi;
  uwsgi_temp_path $folder/tmp/uwsgi;
  scgi_temp_path $folder/tmp/scgi;
  server {
    listen 127.0.0.1:$port;
    root $www;
    index index.php;
    location / { try_files \$uri \$uri/ /index.php?\$args; }
    location ~ \.php\$ {
      try_files \$uri =404;
      include /etc/nginx/fastcgi_params;
      fastcgi_param HTTP_HOST \$host:\$server_port;
      fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
      fastcgi_pass unix:$folder/fpm.sock;
    }
  }
}
CONF
if [ "$(id -u)" = 0 ]; then chown -R www-data:www-data "$folder"; fi
touch "$folder/log"

# Nobody but this account gets into the folder, and the database has no other door than a socket in it.
chmod 700 "$folder"
run mariadb-install-db --no-defaults --datadir="$folder/database" --auth-root-authentication-method=normal \
  --skip-test-db >>"$folder/log" 2>&1
start mariadbd --no-defaults --datadir="$folder/database" --socket="$INTEROP_SOCKET" --skip-networking \
  --character-set-server=utf8mb4
until_ready run mariadb --no-defaults --user=root --socket="$INTEROP_SOCKET" -e 'SELECT 1'
run mariadb --no-defaults --user=root --socket="$INTEROP_SOCKET" -e 'CREATE DATABASE wordpress'

run php "$folder/site.php" install >>"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
start "$fpm" -F -y "$folder/fpm.conf"
start nginx -e "$folder/nginx.log" -c "$folder/nginx.conf"
until_ready run php -r "exit(@file_get_contents('http://127.0.0.1:$port/wp-cron.php') === false ? 1 : 0);"
echo "$folder"
read -r _ || true
