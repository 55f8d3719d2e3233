<?php
// Pings by PHP's curl extension or by a stream context. Arguments: which, ping URL, charset, where it is declared.
// Standard input: the forms as JSON.
[, $client, $pingUrl, $charset, $declared] = $argv;

$post = [
    'curl' => function ($body, $type) use ($pingUrl) {
        $handle = curl_init($pingUrl);
        curl_setopt_array($handle, [CURLOPT_POSTFIELDS => $body, CURLOPT_RETURNTRANSFER => true]);
        curl_setopt($handle, CURLOPT_HTTPHEADER, $type === null ? [] : ["Content-Type: $type"]);
        return curl_exec($handle);
    },
    'stream' => function ($body, $type) use ($pingUrl) {
        $header = 'Content-Type: ' . ($type ?? 'application/x-www-form-urlencoded');
        $options = ['method' => 'POST', 'header' => $header, 'content' => $body];
        return file_get_contents($pingUrl, false, stream_context_create(['http' => $options]));
    },
][$client];

foreach (json_decode(stream_get_contents(STDIN), true) as $fields) {
    $encoded = array_map(fn($text) => mb_convert_encoding($text, $charset, 'UTF-8'), $fields);
    $field = $declared === 'field' ? ['charset' => $charset] : [];
    $type = $declared === 'header' ? "application/x-www-form-urlencoded; charset=$charset" : null;
    echo $post(http_build_query($encoded + $field), $type), "\n";
}
