# Writes or reads a feed with the TrackBack module, by Ruby's rss library. Arguments: write and a version of RSS, or
# read. Standard input: the items as JSON, or the feed.
require 'json'
require 'rss'

def write(version, items)
  RSS::Maker.make(version) do |maker|
    maker.channel.about = maker.channel.link = 'http://blog.example/'
    maker.channel.title = maker.channel.description = 'A blog'
    items.each do |fields|
      maker.items.new_item do |item|
        item.link = fields['link']
        item.title = fields['title']
        item.trackback_ping = fields['pingUrl']
        fields['about'].each { |url| item.trackback_abouts.new_about.value = url }
      end
    end
  end
end

def read(feed)
  RSS::Parser.parse(feed).items.map do |item|
    about = item.trackback_abouts.map(&:value)
    { link: item.link, title: item.title, pingUrl: item.trackback_ping, about: about }
  end
end

input = $stdin.read.force_encoding('UTF-8')
puts ARGV[0] == 'write' ? write(ARGV[1], JSON.parse(input)) : JSON.generate(read(input))
