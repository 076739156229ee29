* Encoding: UTF-8.
* Spørreskjema til foreldre (id 900001) - 2024-12-20-1015

* Define Variable Properties.

*kode.
VARIABLE LABELS kode 'Koden dere har fått'.

*fornoyd.
VARIABLE LABELS fornoyd 'Fornøyd med tilbudet'.
VALUE LABELS fornoyd
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*tro.
VARIABLE LABELS tro 'Tro på at tilbudet hjelper'.
VALUE LABELS tro
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*utbytte.barn.
VARIABLE LABELS utbytte.barn 'Utbytte for barnet'.
VALUE LABELS utbytte.barn
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*utbytte.meg.
VARIABLE LABELS utbytte.meg 'Utbytte for meg'.
VALUE LABELS utbytte.meg
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*forstaelse.
VARIABLE LABELS forstaelse 'Forstår barnets situasjon'.
VALUE LABELS forstaelse
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*mote_andre.
VARIABLE LABELS mote_andre 'Å møte andre foreldre'.
VALUE LABELS mote_andre
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*info.for.
VARIABLE LABELS info.for 'Informasjon før oppstart'.
VALUE LABELS info.for
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*info.underveis.
VARIABLE LABELS info.underveis 'Informasjon underveis'.
VALUE LABELS info.underveis
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*organisering.
VARIABLE LABELS organisering 'Organisering'.
VALUE LABELS organisering
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*klokkeslett.
VARIABLE LABELS klokkeslett 'Tid på dagen'.
VALUE LABELS klokkeslett
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'
  9 'Ikke aktuelt'.

*brukerrep.
VARIABLE LABELS brukerrep 'Brukerrepresentanten til stede'.
VALUE LABELS brukerrep
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'
  9 'Ikke aktuelt'.

*fortsette.
VARIABLE LABELS fortsette 'Ønske om å fortsette'.
VALUE LABELS fortsette
  1 'I svært liten grad'
  2 'I liten grad'
  3 'I noen grad'
  4 'I stor grad'
  5 'I svært stor grad'.

*kommentar.
VARIABLE LABELS kommentar 'Noe mer dere vil si?'.

EXECUTE.