# Pings by net/http. Arguments: ping URL, charset, where it is declared. Standard input: the forms as JSON.
require 'json'
require 'net/http'

ping_url, charset, declared = ARGV
JSON.parse($stdin.read.force_encoding('UTF-8')).each do |fields|
  fields['charset'] = charset if declared == 'field'
  body = URI.encode_www_form(fields.transform_values { |text| text.encode(charset) })
  type = 'application/x-www-form-urlencoded'
  type += "; charset=#{charset}" if declared == 'header'
  puts Net::HTTP.post(URI(ping_url), body, 'Content-Type' => type).body
end
