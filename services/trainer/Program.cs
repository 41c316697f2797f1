using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Trainer;

var builder = ServiceHost.Create(args, Apps.Trainer);
builder.AddTrainer();
var app = builder.Build();
app.MapServiceDefaults();
app.MapModels().MapPromotions().MapTraining().MapFeedback().MapExclusions();
app.MapControlSubscription();
app.MapFeedbackSubscription();
await app.RunAsync();
