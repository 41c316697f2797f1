using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Ingestion;

var builder = ServiceHost.Create(args, Apps.Ingestion);
builder.AddIngestion();

var app = builder.Build();
app.MapServiceDefaults();
app.MapMetrics().MapInflux().MapOtlp().MapRemoteWrite().MapAlerts().MapStats().MapExternalSubscription();
await app.RunAsync();
