using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.StreamProcessor;

var builder = ServiceHost.Create(args, Apps.StreamProcessor);
builder.AddStreamProcessor();
var app = builder.Build();
app.MapServiceDefaults();
app.MapMetricSubscription();
await app.RunAsync();
