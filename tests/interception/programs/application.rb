# An application that faxes by two vendors, at their own addresses, and hears of it.
require 'io/wait'
require 'json'
require 'net/http'
require 'socket'

IFAX = URI('https://api.ifaxapp.com/v1/customer/fax-send')
OPENFAX = URI('https://api.openfax.com/faxSendSubmit.php')
PDF = 'JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv' \
      'dW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwv' \
      'Um9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G'

hook = TCPServer.new('127.0.0.1', ARGV[0].to_i)
letter = { faxNumber: '+12125550123', faxData: [{ fileName: 'letter.pdf', fileData: PDF }] }
keys = { 'accessToken' => 'live-5f2c9a7be1d04c66', 'Content-Type' => 'application/json' }
first = JSON.parse(Net::HTTP.post(IFAX, letter.to_json, keys).body)
second = JSON.parse(Net::HTTP.post_form(OPENFAX, {
  AccountID: '555000111', APIKey: 'LiveKeyOfARealAccount', FaxNumber: '12125550123', paperSize: '0', faxResolution: '0',
  Priority: 'Normal', PDF_encode: PDF
}).body)
heard = 0
while heard < 2 && hook.wait_readable(20)
  post = hook.accept
  loop { break if post.gets.strip.empty? }
  post.write "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
  post.close
  heard += 1
end
puts "#{first['status']} #{second['Response']} heard #{heard}"
