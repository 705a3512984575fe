# An application that faxes by two vendors, at their own addresses, and hears of it.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use LWP::UserAgent;

my $pdf = 'JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv'
    . 'dW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwv'
    . 'Um9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G';

my $hook = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], Listen => 5) or die $!;
my $agent = LWP::UserAgent->new;
my $letter = { faxNumber => '+12125550123', faxData => [{ fileName => 'letter.pdf', fileData => $pdf }] };
my $first = $agent->post(
    'https://api.ifaxapp.com/v1/customer/fax-send',
    accessToken => 'live-5f2c9a7be1d04c66', 'Content-Type' => 'application/json', Content => encode_json($letter),
);
die $first->status_line unless $first->is_success;
my $second = $agent->post('https://api.openfax.com/faxSendSubmit.php', {
    AccountID => '555000111', APIKey => 'LiveKeyOfARealAccount', FaxNumber => '12125550123', paperSize => '0',
    faxResolution => '0', Priority => 'Normal', PDF_encode => $pdf,
});
my ($heard, $select) = (0, IO::Select->new($hook));
while ($heard < 2 && $select->can_read(20)) {
    my $post = $hook->accept;
    while (my $line = <$post>) { last if $line =~ /^\r?\n$/ }
    print $post "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    close $post;
    $heard++;
}
print join(' ', decode_json($first->content)->{status}, decode_json($second->content)->{Response}, 'heard', $heard), "\n";
