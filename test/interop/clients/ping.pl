# Pings by HTTP::Tiny, whose own forms are always UTF-8. Arguments: ping URL, charset, where it is declared.
# Standard input: the forms as JSON.
use strict;
use warnings;
use Encode;
use HTTP::Tiny;
use JSON::PP;

my ($ping_url, $charset, $declared) = @ARGV;
for my $fields (@{ decode_json(join '', <STDIN>) }) {
    $fields->{charset} = $charset if $declared eq 'field';
    my $body = join '&', map { $_ . '=' . escaped(encode($charset, $fields->{$_})) } sort keys %$fields;
    my $type = 'application/x-www-form-urlencoded';
    $type .= "; charset=$charset" if $declared eq 'header';
    my $response = HTTP::Tiny->new->post($ping_url, { content => $body, headers => { 'content-type' => $type } });
    print $response->{content}, "\n";
}

sub escaped {
    my ($bytes) = @_;
    $bytes =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
    return $bytes;
}
