#!/bin/sh
# Pings by curl. Arguments: ping URL, charset, where it is declared. Standard input: title, excerpt, blog name and url of
# each ping, a line each.
set -eu
ping_url=$1 charset=$2 declared=$3
while IFS= read -r title && IFS= read -r excerpt && IFS= read -r blog_name && IFS= read -r url; do
  set -- --silent --data-urlencode "url=$url"
  for field in title excerpt blog_name; do
    eval "text=\$$field"
    encoded=$(printf '%s' "$text" | iconv -f UTF-8 -t "$charset")
    set -- "$@" --data-urlencode "$field=$encoded"
  done
  case $declared in
    header) set -- "$@" --header "Content-Type: application/x-www-form-urlencoded; charset=$charset" ;;
    field) set -- "$@" --data "charset=$charset" ;;
  esac
  curl "$@" "$ping_url"
done
