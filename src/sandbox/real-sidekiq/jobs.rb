# frozen_string_literal: true

# The payroll application of the demo and of the tests, small enough to see at once that it only sleeps.
# Its jobs are pushed from outside, as JSON; what they are called with does not matter to them.

require "sidekiq"

def job_class(seconds, &perform)
  Class.new do
    include Sidekiq::Worker
    define_method(:perform) { |*arguments| perform ? perform.call(*arguments) : sleep(seconds) }
  end
end

PayrollRunJob = job_class(0.18)
TaxFilingJob = job_class(0.12)
EmployeeSyncJob = job_class(0.09)
ReportExportJob = job_class(0.2)
FailingJob = job_class(0) { raise ArgumentError, "it did not work" }
# Runs until its process ends.
EndlessJob = job_class(1_000_000)

module Recurring
  CleanupJob = job_class(0.1)
  # Ends its process as the kernel does when memory is gone: no handler runs, nothing is cleaned up.
  DisasterJob = job_class(0) do
    sleep Float(ENV.fetch("DISASTER_AFTER_SECONDS", "0"))
    Process.kill(:KILL, Process.pid)
  end
end

# Redis's Ruby client warns of Sidekiq 6.4's way of calling it, at every fetch.
Redis.silence_deprecations = true if defined?(Redis) && Redis.respond_to?(:silence_deprecations=)

Sidekiq.configure_server do |config|
  # Whoever started us waits for this line: from here on we are in Redis.
  config.on(:heartbeat) { $stdout.puts("first heartbeat sent").tap { $stdout.flush } }

  fetcher = ENV.fetch("FETCHER")
  next if fetcher == "basic"

  require "sidekiq-reliable-fetch"
  config.options[:semi_reliable_fetch] = fetcher == "gitlab-semi-reliable"
  config.options[:cleanup_interval] = Integer(ENV.fetch("RESCUE_EVERY_SECONDS"))
  config.options[:lease_interval] = Integer(ENV.fetch("RESCUE_EVERY_SECONDS"))
  config.options[:max_retries_after_interruption] = Integer(ENV.fetch("MAX_INTERRUPTIONS"))
  Sidekiq::ReliableFetch.setup_reliable_fetch!(config)
end
