<?php
// Runs one command inside WordPress. Arguments: the command, and what it takes as JSON. Prints what it gives as JSON.
[, $command] = $argv;
$input = json_decode($argv[2] ?? 'null', true);
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1'];
define('WP_INSTALLING', $command === 'install');
require __DIR__ . '/www/wp-load.php';

function ping_url_of($id)
{
    $GLOBALS['post'] = get_post($id);
    return get_trackback_url();
}

$commands = [
    'install' => function () {
        require_once ABSPATH . 'wp-admin/includes/upgrade.php';
        wp_install('Wörd & Press', 'admin', 'admin@example.org', true, '', wp_generate_password());
        switch_theme('twentytwentythree');
    },
    'options' => function ($options) {
        array_map('update_option', array_keys($options), $options);
        $GLOBALS['wp_rewrite']->init();
        flush_rewrite_rules(false);
    },
    'posts' => fn($posts) => array_map(function ($post) {
        $id = wp_insert_post($post + ['post_status' => 'publish', 'post_author' => 1, 'ping_status' => 'open']);
        return ['id' => $id, 'url' => get_permalink($id), 'pingUrl' => ping_url_of($id)];
    }, $posts),
    'pinged' => fn($id) => [get_post($id)->to_ping, get_post($id)->pinged],
    'comments' => fn($id) => $GLOBALS['wpdb']->get_results($GLOBALS['wpdb']->prepare(
        "SELECT comment_type type, comment_author author, comment_author_url url, comment_content content
        FROM {$GLOBALS['wpdb']->comments} WHERE comment_post_ID = %d ORDER BY comment_ID",
        $id
    )),
    'versions' => fn() => [
        'WordPress' => $GLOBALS['wp_version'],
        'PHP' => PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . '.' . PHP_RELEASE_VERSION,
        'MariaDB' => preg_replace('/-.*/', '', str_replace('5.5.5-', '', $GLOBALS['wpdb']->db_server_info())),
    ],
];
echo json_encode($commands[$command]($input), JSON_THROW_ON_ERROR);
