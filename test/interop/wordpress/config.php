<?php
// wp-config.php of the WordPress that the tests serve.
require_once dirname(__DIR__) . '/place.php';
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('INTEROP_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', "key of $name, nobody logs in here");
    define($name . '_SALT', "salt of $name, nobody logs in here");
}
define('WP_HOME', 'http://127.0.0.1:' . getenv('INTEROP_PORT'));
define('WP_SITEURL', WP_HOME);
define('DISABLE_WP_CRON', true); // a test runs wp-cron.php itself, and knows when it ends
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HTTP_BLOCK_EXTERNAL', true); // nothing leaves this machine
define('WP_ACCESSIBLE_HOSTS', '127.0.0.1');
$table_prefix = 'wp_';
require_once ABSPATH . 'wp-settings.php';
