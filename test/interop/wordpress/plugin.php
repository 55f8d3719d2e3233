<?php
// Loaded by WordPress with every request: what a test site on loopback needs.

// WordPress sends to no private address and to few ports; these tests live on 127.0.0.1.
add_filter('http_request_host_is_external', fn($is, $host) => $is || $host === '127.0.0.1', 10, 2);
add_filter('http_allowed_safe_ports', function ($ports, $host, $url) {
    $port = parse_url($url, PHP_URL_PORT);
    return $host === '127.0.0.1' && $port ? [...$ports, $port] : $ports;
}, 10, 3);

// The flood check is WordPress' own unless a test switches it off.
add_filter('comment_flood_filter', fn($is) => get_option('interop_flood') === 'off' ? false : $is, 20);

// No mail leaves this machine.
add_filter('pre_wp_mail', '__return_true');

// The embedded RDF, where themes of its time had it.
add_action('wp_footer', function () {
    if (!is_singular() || !pings_open()) {
        return;
    }
    echo "<!--\n";
    trackback_rdf();
    echo "\n-->\n";
});
