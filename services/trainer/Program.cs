using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Trainer;

if (args is ["train", .. var rest])
    return await OneShotTraining.RunAsync(rest);
if (args is ["evaluate", .. var asked])
    return await EvaluateCommand.RunAsync(asked);

var builder = ServiceHost.Create(args, Apps.Trainer);
builder.AddTrainer();
var app = builder.Build();
app.MapServiceDefaults();
app.MapModels().MapPromotions().MapTraining().MapFeedback().MapExclusions();
app.MapDrift();
app.MapScheduleSubscription();
app.MapControlSubscription();
app.MapFeedbackSubscription();
await app.RunAsync();
return ExitCodes.Success;
