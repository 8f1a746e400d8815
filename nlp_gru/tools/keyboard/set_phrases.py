"""Set phrases of letters, e-mails and messages: written by data/phrases.py from data/phrases.txt."""

# The words that stand there, in small letters; those that go on; the probability, in per cent, of the first of them, of
# the first two ...
SET_PHRASES = """
all the best for|the future|40 29
all the best|for the future|28 12 9
are you free|this weekend|19 14
as far as|I know|29 17
as far|as I|92 27
at your|earliest convenience|4 4
by the end|of the|76 52
by the|end of the|4 3 2
call me when you get|a chance|36 36
call me when you|get a chance|41 16 16
call me when you|get home|41 16
call me when|you get|63 27
call me|when you|15 10
can i call you|back later|35 27
can i call|you back later|77 30 23
can i call|you later|77 23
can i|call you|1 1
can you please let|me know|82 82
can you please|let me know|3 3 3
can you|give me|5 4
can't wait|to see|55 21
could you give|me a|88 25
could you please let|me know|76 76
could you please|let me know|5 5 5
could you please|send me|4 4
could you|give me a|6 6 2
dear sir|or Madam|27 27
do you want to go out|for dinner|42 38
do you want to go|out for dinner|9 4 4
do you want to|come over|3 1
do you want to|meet up|1 1
do you|want to|9 5
don't hesitate to|contact me|30 21
don't hesitate|to contact|83 26
feel free to|contact me|15 7
feel free to|reach out|9 9
give me a call when you get|a chance|77 77
give me a call when you|are free|46 39
give me a call when you|get a chance|36 36 36
give me a call when|you are free|78 41 34
give me a call when|you get a chance|78 31 31 31
give me a call|when you are free|43 37 19 16
give me a call|when you get a|43 37 15 15
give me a|call when you|12 5 5
good to hear|from you|10 10
great talking|to you|80 80
great to hear|from you|14 11
happy birthday|to you|18 7
happy new year to you and|your family|77 77
happy new year to you|and your family|45 45 45
happy new year to|you and your family|59 31 31 31
happy new year|to you and your|23 15 8 8
happy new|year to|90 21
have a great rest of|your day|82 68
have a great rest|of your day|92 82 68
have a great|rest of your day|2 2 2 1
have a|good day|9 3
have a|great day|10 6
have a|nice day|4 3
have a|wonderful day|2 2
hope to hear from|you soon|84 74
hope to hear|from you soon|76 76 67
hope to see|you soon|38 13
hope to|hear from you soon|4 4 4 3
hope to|see you|25 10
hope you are|doing well|21 14
hope you feel|better soon|70 43
hope you had a|good weekend|68 35
hope you had|a good weekend|78 58 31
hope you|feel better soon|2 2 1
hope you|had a good weekend|3 2 2 1
how are you|doing today|24 8
how are|you doing|86 21
how have|you been|69 52
how is|it going|24 8
how was|your day|21 8
i am looking forward to hearing|from you|71 65
i am looking forward to|hearing from you|12 10 9
i am looking forward to|seeing you|19 11
i am looking|forward to|13 13
i am sorry for the|late reply|42 42
i am sorry for|the delay|51 24
i am sorry for|the late reply|51 24 24
i am sorry to|hear that|55 42
i am sorry|for the|12 7
i am sorry|to hear that|16 9 7
i am writing in|response to|77 77
i am writing to inform|you that|77 77
i am writing to let you|know that|77 77
i am writing to let|you know that|77 77 77
i am writing to|apply for|20 20
i am writing to|inform you that|20 20 20
i am writing to|let you know that|20 20 20 20
i am writing|in response to|12 12 12
i apologize for|the delay|57 24
i apologize for|the inconvenience|57 20
i apologize|for the|31 19
i can't wait|to see|54 25
i can't|wait to|14 8
i hope this email finds|you well|77 77
i hope this email|finds you well|77 77 77
i hope this message finds|you well|79 79
i hope this message|finds you well|79 79 79
i hope this|email finds you well|9 9 9 9
i hope this|message finds you well|9 9 9 9
i hope to hear from|you soon|80 73
i hope to hear|from you soon|80 80 73
i hope to see|you soon|31 18
i hope to|hear from you soon|6 6 6 6
i hope to|see you|30 10
i hope you are|doing well|23 17
i hope you feel|better soon|67 52
i hope you had a|great weekend|38 38
i hope you had a|nice weekend|41 34
i hope you had|a great weekend|90 38 38
i hope you had|a nice weekend|90 41 34
i hope you have a|great day|41 18
i hope you have|a great|90 37
i hope you|feel better soon|2 2 1
i hope you|had a great weekend|3 3 1 1
i hope you|had a nice weekend|3 3 1 1
i hope you|have a great|27 24 10
i just wanted to let|you know|81 75
i just wanted to say|thank you|50 50
i just wanted to|let you know|8 8 8
i just wanted to|say thank you|13 8 8
i just|wanted to|2 2
i look forward to hearing from|you soon|88 46
i look forward to hearing|from you soon|62 62 32
i look forward to working|with you|82 65
i look forward to|hearing from you soon|14 9 9 5
i look forward to|meeting you|6 5
i look forward to|seeing you|17 6
i look forward to|working with you|6 6 5
i look forward to|your reply|6 5
i look|forward to|37 36
i wanted to follow|up on|77 77
i wanted to|follow up on|1 1 1
i will be there in a|few minutes|77 77
i will be there in|a few minutes|67 67 67
i will be there|in a few minutes|32 26 26 26
i will be|there in a few|3 1 1 1
i will get back to you as soon|as possible|77 77
i will get back to you as|soon as possible|77 77 77
i will get back to you|as soon as possible|30 30 30 30
i will get back to|you as soon as|91 30 30 30
i will get back to|you soon|91 30
i will get back|to you as soon|81 81 27 27
i will get back|to you soon|81 81 27
i will get|back to you|15 13 13
i will keep|you posted|20 10
i will keep|you updated|20 9
i will let|you know|85 54
i will see|you tomorrow|24 9
i will|let you|1 1
i would appreciate it if|you could|70 65
i would appreciate it|if you could|74 61 57
i would appreciate|it if you could|44 38 31 29
i would be happy|to help|77 28
i would be|happy to help|10 8 3
i would like to thank|you for|40 38
i would like to|thank you for|2 1 1
i would really|appreciate it|12 10
i would|like to|25 16
i'd be happy|to help|86 38
i'd be|happy to help|22 19 9
i'll be there in a|few minutes|62 62
i'll be there in|a few minutes|32 25 25
i'll be there in|ten minutes|28 28
i'll be there|in a|35 12
i'll be|right back|3 1
i'll be|right there|3 1
i'll get back to you as soon|as possible|79 71
i'll get back to you as|soon as possible|79 79 71
i'll get back to you|as soon as possible|31 31 31 29
i'll get back to|you as soon as|80 28 28 28
i'll get back|to you as soon|88 76 26 26
i'll get|back to you|8 8 7
i'll keep|you posted|11 9
i'll let you know as soon|as possible|80 67
i'll let you know as|soon as possible|80 80 67
i'll let you know|as soon as possible|13 13 13 11
i'll let|you know|82 61
i'll talk to|you later|75 56
i'll talk|to you later|85 67 50
i'm looking forward to hearing|from you|72 67
i'm looking forward to|hearing from you|6 5 5
i'm looking forward to|seeing you|21 10
i'm looking forward|to seeing|98 21
i'm looking|forward to|19 19
i'm on|my way|27 20
i'm running a|bit late|42 42
i'm running a|little late|46 42
i'm running|a bit late|44 21 21
i'm running|a little late|44 23 21
i'm so sorry to|hear that|85 80
i'm so sorry|to hear that|14 14 13
i'm sorry for the|late reply|43 43
i'm sorry for|the late reply|27 14 14
i'm sorry for|your loss|23 19
i'm sorry to|hear that|50 37
i'm sorry|for the|5 2
i'm sorry|to hear that|10 5 4
if there is anything else i can help|you with|79 79
if there is anything else i can|help you with|79 79 79
if there is anything else i|can help you with|79 79 79 79
if there is anything else|I can help you|61 61 61 61
if there is anything i|can do|76 76
if there is anything|I can do|29 27 27
if there is anything|else I can help|31 23 23 23
if there is|anything I|15 5
if there is|anything else|15 5
if you have any|further questions|9 9
in case you|missed it|13 13
is there anything else i can do|for you|87 86
is there anything else i can help|you with|83 83
is there anything else i can|do for you|22 19 19
is there anything else i can|help you with|65 55 54
is there anything else i|can do|94 21
is there anything else i|can help you with|94 61 51 51
is there anything else|I can help you|70 66 43 36
is there anything i can do|to help|60 60
is there anything i can|do to help|40 29 29
is there anything i|can do to help|78 34 24 24
is there anything|I can do to|3 2 1 1
is there anything|else I can help|82 58 54 36
is there|anything else I can|41 34 24 22
it doesn't matter|to me|10 10
it was a pleasure talking|to you|84 84
it was a pleasure to|meet you|28 28
it was a pleasure|talking to you|19 19 19
it was a pleasure|to meet you|39 12 12
it was a|pleasure to|2 1
it was good to|see you|58 25
it was good|to see|8 5
it was great to|meet you|16 16
it was great to|see you|51 18
it was great|to see|12 6
it was lovely to|see you|73 73
it was lovely|to see you|41 38 38
it was nice talking|to you|72 70
it was nice to|meet you|20 20
it was nice|meeting you|3 3
it was nice|talking to you|37 27 27
it was|nice talking to you|2 1 1 1
it would be great if|you could|42 33
it would be great|if you could|35 16 13
it would be nice to|see you|40 13
it would be nice|to see|60 25
it would be|great if|3 1
it would be|nice to|4 3
it's a pleasure to|meet you|62 62
it's a pleasure|to meet you|72 52 52
just let|me know|50 36
just wanted to let|you know|79 74
just wanted to|let you know|7 6 6
keep up the|good work|48 44
keep up|the good work|13 7 6
let me know if that works|for you|77 77
let me know if that|works for you|43 43 43
let me know if you have|any questions|84 68
let me know if you need|any help|17 15
let me know if you need|anything else|61 39
let me know if you|are free|9 6
let me know if you|have any questions|9 9 7
let me know if you|need anything else|39 25 16
let me know if|that works for you|6 3 3 3
let me know if|you need|54 22
let me know what|you think|62 47
let me know when you|are free|30 15
let me know when you|get home|21 14
let me know when|you are|55 17
let me know|if you|30 16
let me know|what you think|14 9 7
let me know|when you|11 6
let me|know if|35 11
let's get|together soon|9 5
let's keep|in touch|23 23
long time|no see|3 2
looking forward to hearing|from you|62 50
looking forward to working|with you|76 76
looking forward to|hearing from you|3 2 1
looking forward to|meeting you|2 1
looking forward to|working with you|2 1 1
looking forward to|your reply|2 1
many thanks for|your help|58 53
many thanks|for your help|35 24 22
many thanks|in advance|22 22
merry christmas and a happy|new year|77 77
merry christmas and a|happy new year|71 71 71
merry christmas and|a happy new year|61 56 56 56
merry christmas|and a happy new|23 17 15 15
nice talking|to you|71 68
nice to hear|from you|29 26
nice to|meet you|11 11
not a problem|at all|14 14
please do not hesitate to|contact me|78 41
please do not hesitate to|contact us|78 37
please do not hesitate|to contact me|89 78 41
please do not hesitate|to contact us|89 78 37
please do not|hesitate to contact me|33 33 29 15
please do not|hesitate to contact us|33 33 29 14
please don't hesitate to|contact me|44 34
please don't hesitate to|reach out|31 31
please don't hesitate|to contact me|91 44 34
please don't hesitate|to reach out|91 31 31
please don't|hesitate to contact me|8 8 4 3
please don't|hesitate to reach out|8 8 3 3
please do|not hesitate to contact|29 10 10 9
please feel free to|contact me|41 18
please feel free to|contact us|41 21
please feel free to|reach out|18 18
please feel free|to contact us|95 41 21
please feel|free to contact us|95 95 41 21
please find attached|my CV|31 28
please find attached|the document|33 28
please find|attached my CV|12 4 4
please find|attached the document|12 4 4
please get back|to me|80 67
please get|back to me|5 5 4
please give|me a|68 20
please keep|me posted|36 13
please keep|me updated|36 16
please let me know if there is anything i|can do|77 77
please let me know if there is anything|I can do|67 67 67
please let me know if there is|anything I can do|80 67 67 67
please let me know if there|is anything I can|75 75 62 62
please let me know if this works|for you|77 77
please let me know if this|works for you|56 56 56
please let me know if you have|any questions|79 79
please let me know if you need|anything else|81 81
please let me know if you|have any questions|28 28 28
please let me know if you|need anything else|45 42 42
please let me know if|there is anything I|15 14 14 12
please let me know if|this works for you|17 12 12 12
please let me know if|you have any questions|43 13 13 13
please let me know if|you need anything else|43 21 20 20
please let me know what|you think|43 43
please let me know|if you|43 19
please let me know|what you think|10 5 5
please let me|know if|80 35
please let us know if you have|any questions|77 77
please let us know if you|have any questions|62 62 62
please let us know if|you have any questions|54 42 42 42
please let us know|if you have any|45 28 21 21
please let us|know if you have|90 43 27 20
please let|me know if|78 64 28
please let|us know if|15 15 7
please see the|attached file|42 42
please see|the attached file|39 19 19
please take a|look at|88 83
please take|a look at|60 55 51
see you in a|few minutes|38 32
see you in|a bit|32 16
see you in|a few minutes|32 14 11
see you|next week|2 1
sorry for the|late reply|21 15
sorry i missed|your call|47 40
sorry i|missed your call|3 1 1
sorry to keep|you waiting|69 69
sorry to|hear that|42 28
sorry to|keep you waiting|3 3 3
sounds good|to me|16 15
text me when you|get home|75 62
text me when|you get home|48 44 37
text me|when you get home|40 22 20 17
thank you for getting back|to me|77 77
thank you for getting|back to me|77 77 77
thank you for letting|me know|80 60
thank you for taking|the time|88 88
thank you for your time|and consideration|33 15
thank you for your|quick reply|2 2
thank you for your|time and|10 4
thank you for|letting me know|1 1 1
thank you for|taking the time|1 1 1
thank you for|your help|30 11
thank you in advance for|your help|80 73
thank you in advance|for your help|44 44 41
thank you in|advance for your help|75 38 38 34
thank you so much for|your help|52 33
thank you so much|for your help|32 17 11
thank you so|much for|96 31
thank you very much for|your help|61 37
thank you very much|for your help|24 15 9
thank you very much|in advance|2 2
thank you very|much for|98 23
thank you|so much for|8 8 3
thank you|very much|6 6
thanks for all|your help|54 53
thanks for getting back|to me|77 77
thanks for getting|back to me|56 56 56
thanks for letting|me know|80 68
thanks for your|quick reply|3 2
thanks for|all your help|5 3 2
thanks for|letting me know|2 2 1
thanks for|your help|18 11
thanks in advance for|your help|77 77
thanks in advance|for your help|37 37 37
thanks in|advance for your help|75 31 31 31
that sounds like a lot|of fun|88 73
that sounds like a|great idea|16 5
that sounds like a|lot of fun|13 12 10
that sounds|like a|21 11
that works|for me|38 33
to be honest|with you|6 6
to whom it|may concern|65 65
to whom|it may concern|18 14 14
we apologize for|the inconvenience|72 61
we apologize|for the inconvenience|79 68 58
we look forward to hearing|from you|79 79
we look forward to working|with you|62 62
we look forward to|hearing from you|19 19 19
we look forward to|seeing you|19 19
we look forward to|welcoming you|17 17
we look forward to|working with you|22 17 17
we look forward|to working|95 22
we look|forward to|38 38
what are you doing|this weekend|8 5
what are you|up to|8 8
what do you want|to do|67 30
what do you|think about|50 16
what do you|want to do|6 4 2
what do|you think|92 46
what time do you|want to|50 35
what time do|you want to|92 46 32
what time works|for you|54 54
what time|do you want to|14 13 6 5
what time|works for you|1 1 1
where do you|want to|34 28
where do|you want to|76 26 21
wish you all|the best|73 65
wish you|all the best|6 5 5
wishing you all|the best|71 71
wishing you|all the best|44 38 38
would you be|able to|10 10
would you like to|come over|2 1
would you|like to|57 33
you have a|great day|6 3
"""
