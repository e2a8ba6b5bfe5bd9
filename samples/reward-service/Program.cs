using System.Text.Json.Nodes;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RewardService;

// A service that has rollouts scored while it generates them. With FLEET_BROKER its rows go to the fleet there;
// without, a worker lives in this process.
var url = Environment.GetEnvironmentVariable("FLEET_BROKER");
var broker = new BrokerOptions { Url = string.IsNullOrEmpty(url) ? null : BrokerOptions.ParseUrl(url) };
var domain = new DomainDefinition(Domains.MathRule, Domains.MathRule, tags: [], config: new JsonObject { ["parity"] = "fixed" });

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddRewardDispatcher(new DispatcherOptions(), broker);
if (broker.IsInMemory) builder.Services.AddRewardWorker(new WorkerOptions { Domains = [Domains.MathRule] }, broker);
builder.Services.AddSingleton(new RunDefinition(runId: "sample", [domain]));
builder.Services.AddHostedService<Trainer>();
await builder.Build().RunAsync();
