# Pings by urllib. Arguments: ping URL, charset, where it is declared. Standard input: the forms as JSON.
import json
import sys
import urllib.parse
import urllib.request

ping_url, charset, declared = sys.argv[1:]
for fields in json.load(sys.stdin):
    if declared == 'field':
        fields['charset'] = charset
    body = urllib.parse.urlencode(fields, encoding=charset).encode('ascii')
    request = urllib.request.Request(ping_url, body)
    if declared == 'header':
        request.add_header('Content-Type', f'application/x-www-form-urlencoded; charset={charset}')
    with urllib.request.urlopen(request) as response:
        print(response.read().decode())
